"""The technical security device (TSE): recorder protocol, soft TSE, signing and what the books keep of it (§ 146a AO)."""
