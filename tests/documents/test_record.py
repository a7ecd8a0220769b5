"""What the chain covers of a document has one form for ever: the books of ten years must still verify."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from till.documents.model import Document
from till.documents.record import content_record, document_record
from till.ledger.chain import canonical
from till.ledger.entry import Entry

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
LINES = (
    '[["Käse","Umsatz","n",1,1900,1190,190,345,"kg",999,"8","40","c","Kühltheke",null,"fein",'
    'null,"","",null,null,null,""],'
    '["Rabatt","Rabatt","",1,1900,0,0,1000,"",0,"","","","",0,"",'
    '"00000000-0000-0000-0000-000000000007","AG-1","Gutschein","2036-12-31",2500,1310,"Alles Gute"]]'
)
PAYMENTS = '[["cash","Bar","Bar",1190,2000]]'
REFERENCES = '[["KASSE-1",4,"00000000-0000-0000-0000-000000000004"]]'
LEGS = '[["cash","KASSE-1",1190],["revenue","1",-1000],["vat","1",-190]]'
ENTRY = (
    '{"booked_at":"2026-11-20T11:00:00.000000+00:00","business_date":"2026-11-20",'
    '"document":"00000000-0000-0000-0000-000000000001","id":"00000000-0000-0000-0000-000000000003",'
    f'"postings":{LEGS},"reason":"sale","reverses":null,'
    '"shift":"00000000-0000-0000-0000-000000000002","till":"KASSE-1","user":"1"}'
)


def test_the_form_of_what_makes_two_postings_the_same_is_fixed(make_draft: Any) -> None:
    draft, booking = make_draft()
    assert canonical(content_record(draft, booking.postings, "goodwill")) == (
        f'{{"bon_name":"Name","bon_typ":"Beleg","kind":"sale","lines":{LINES},"note":"Notiz","payments":{PAYMENTS},'
        f'"postings":{LEGS},"reason":"goodwill","references":{REFERENCES},"vat":[[1,1900,1190,190]]}}'
    )


def test_the_form_of_a_document_in_the_chain_is_fixed(make_draft: Any) -> None:
    draft, booking = make_draft(document_id=uuid.UUID(int=1))
    day, shift = NOON.date(), uuid.UUID(int=2)
    document = Document(draft, "KASSE-1", 5, NOON, day, shift, "1", "Marie Klein")
    entry = Entry(uuid.UUID(int=3), "sale", draft.id, NOON, day, "KASSE-1", shift, "1", booking.postings)
    assert canonical(document_record(document, entry)) == (
        '{"bon_name":"Name","bon_typ":"Beleg","business_date":"2026-11-20",'
        f'"ended_at":"2026-11-20T11:00:00.000000+00:00","entry":{ENTRY},'
        '"id":"00000000-0000-0000-0000-000000000001","kind":"sale",'
        f'"lines":{LINES},"note":"Notiz","number":5,"payments":{PAYMENTS},"references":{REFERENCES},'
        '"shift":"00000000-0000-0000-0000-000000000002","started_at":"2026-11-20T10:59:18.000000+00:00",'
        '"till":"KASSE-1","user":["1","Marie Klein"],"vat":[[1,1900,1190,190]]}'
    )
