"""Writes the two sounds of a scan into resources/sounds; run it again after changing a tone."""

from __future__ import annotations

import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLES_PER_S = 22_050
SOUNDS = Path(__file__).resolve().parents[2] / "resources" / "sounds"


@dataclass(frozen=True, slots=True)
class Tone:
    """One note: pitch, length and loudness (0 to 1); a pitch of 0 is a rest."""

    pitch_hz: int
    length_ms: int
    loudness: float = 0.55


SCAN_OK = (Tone(1319, 40), Tone(1760, 70))
SCAN_FAIL = (Tone(392, 110, 0.7), Tone(0, 30), Tone(294, 190, 0.7))


def main() -> None:
    """Write both files."""
    SOUNDS.mkdir(parents=True, exist_ok=True)
    write(SOUNDS / "scan-ok.wav", SCAN_OK)
    write(SOUNDS / "scan-fail.wav", SCAN_FAIL)


def write(path: Path, tones: Sequence[Tone]) -> None:
    """Write `tones` after one another as 16 bit mono."""
    samples = [sample for tone in tones for sample in samples_of(tone)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLES_PER_S)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def samples_of(tone: Tone) -> list[int]:
    """The samples of a soft tone: a sine with a little of its octave, faded in and out so that it does not click."""
    count = SAMPLES_PER_S * tone.length_ms // 1000
    fade = SAMPLES_PER_S * 8 // 1000
    return [
        round(32_000 * tone.loudness * _fading(i, count, fade) * _wave_at(tone.pitch_hz * i / SAMPLES_PER_S))
        for i in range(count)
    ]


def _wave_at(turns: float) -> float:
    return 0.8 * math.sin(math.tau * turns) + 0.2 * math.sin(2 * math.tau * turns)


def _fading(position: int, count: int, fade: int) -> float:
    return min(1.0, position / fade, (count - position) / fade)


if __name__ == "__main__":
    main()
