"""The first schema: ledger, documents, fiscal records, catalog, vouchers, shifts, printing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from till.catalog.search_index import create_index
from till.db.protect import create_triggers

revision = "0001"
down_revision = None

APPEND_ONLY = (
    "audit",
    "chain_link",
    "closing",
    "document",
    "document_line",
    "document_payment",
    "document_reference",
    "document_vat",
    "ledger_checkpoint",
    "ledger_entry",
    "ledger_posting",
    "shift",
    "shop_logo",
    "signature",
    "tse",
    "tse_outage",
    "voucher",
    "voucher_event",
)


def upgrade() -> None:
    """Create all tables, the search index and the triggers that make the booked ones append-only."""
    _create_grid_tables()
    _create_tables()
    _create_tables_on_them()
    _create_for_articles()
    create_index(op.get_bind())
    _index_for_searches()
    create_triggers(op.get_bind(), APPEND_ONLY)


def _create_tables() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("user_name", sa.String(length=255), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_audit")),
    )
    op.create_table(
        "chain_link",
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("format_version", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("till_id", "position", name=("pk_chain_link")),
        sa.UniqueConstraint("kind", "record_id", name=("uq_chain_link_kind_record_id")),
    )
    op.create_table(
        "counter",
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("series", sa.String(length=60), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("till_id", "series", name=("pk_counter")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("bon_typ", sa.String(length=60), nullable=False),
        sa.Column("bon_name", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("user_name", sa.String(length=255), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_document")),
        sa.UniqueConstraint("till_id", "number", name=("uq_document_till_id_number")),
    )
    op.create_index(("ix_document_shift_id"), "document", ["shift_id"], unique=False)
    op.create_index(
        "ix_document_besides_sales",
        "document",
        ["till_id", "number"],
        unique=False,
        sqlite_where=sa.text("kind <> 'sale'"),
        postgresql_where=sa.text("kind <> 'sale'"),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("closing_id", sa.Uuid(), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("closing_id", "account", "subject", name=("pk_ledger_checkpoint")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("reverses", sa.Uuid(), nullable=True),
        sa.Column("legs", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_ledger_entry")),
        sa.UniqueConstraint("reverses", name=("uq_ledger_entry_reverses")),
    )
    op.create_index(("ix_ledger_entry_document_id"), "ledger_entry", ["document_id"], unique=False)
    op.create_table(
        "open_basket",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=("pk_open_basket")),
    )
    op.create_index(("ix_open_basket_till_id"), "open_basket", ["till_id"], unique=False)
    op.create_table(
        "parked_basket",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("cashier", sa.String(length=255), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("is_training", sa.Boolean(), nullable=False),
        sa.Column("list_prices", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=("pk_parked_basket")),
    )
    op.create_index(("ix_parked_basket_till_id"), "parked_basket", ["till_id"], unique=False)
    op.create_table(
        "print_job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("endpoint", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("copy_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_print_job")),
        sa.UniqueConstraint("endpoint", "document_id", "copy_no", name=("uq_print_job_endpoint_document_id_copy_no")),
    )
    op.create_index(("ix_print_job_endpoint_state_id"), "print_job", ["endpoint", "state", "id"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("user_name", sa.String(length=255), nullable=False),
        sa.Column("opening_float", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_shift")),
    )
    op.create_index(("ix_shift_till_id_opened_at"), "shift", ["till_id", "opened_at"], unique=False)
    op.create_table(
        "shop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("street", sa.String(length=255), nullable=False),
        sa.Column("postcode", sa.String(length=60), nullable=False),
        sa.Column("town", sa.String(length=255), nullable=False),
        sa.Column("country", sa.String(length=3), nullable=False),
        sa.Column("tax_number", sa.String(length=60), nullable=False),
        sa.Column("vat_id", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("receipt_header", sa.Text(), nullable=False),
        sa.Column("receipt_footer", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("logo", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_shop")),
    )
    op.create_table(
        "shop_logo",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=("pk_shop_logo")),
    )
    op.create_table(
        "staff_role",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=False),
        sa.Column("return_limit", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("pk_staff_role")),
    )
    op.create_table(
        "staff_role_permission",
        sa.Column("role_id", sa.String(length=60), nullable=False),
        sa.Column("permission", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["staff_role.id"], name=("fk_staff_role_permission_role_id")),
        sa.PrimaryKeyConstraint("role_id", "permission", name=("pk_staff_role_permission")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("short", sa.String(length=60), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("role_id", sa.String(length=60), nullable=False),
        sa.Column("discount_percent", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["role_id"], ["staff_role.id"], name=("fk_staff_user_role_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_staff_user")),
    )
    op.create_table(
        "staff_user_permission",
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("permission", sa.String(length=60), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=("fk_staff_user_permission_user_id")),
        sa.PrimaryKeyConstraint("user_id", "permission", name=("pk_staff_user_permission")),
    )
    op.create_table(
        "staff_credential",
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True),
        sa.Column("card_digest", sa.String(length=64), nullable=True),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=("fk_staff_credential_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=("pk_staff_credential")),
        sa.UniqueConstraint("card_digest", name=("uq_staff_credential_card_digest")),
    )
    op.create_table(
        "tender",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("zahlart_typ", sa.String(length=60), nullable=False),
        sa.Column("opens_drawer", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_tender")),
    )
    op.create_table(
        "tse",
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.String(length=60), nullable=False),
        sa.Column("log_time_format", sa.String(length=60), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("serial", name=("pk_tse")),
    )
    op.create_table(
        "tse_outage",
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failure", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("till_id", "number", name=("pk_tse_outage")),
    )
    op.create_table(
        "tse_transaction",
        sa.Column("tse_serial", sa.String(length=64), nullable=False),
        sa.Column("transaction_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_counter", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("tse_serial", "transaction_number", name=("pk_tse_transaction")),
    )
    op.create_index(
        "ix_tse_transaction_open_till",
        "tse_transaction",
        ["till_id"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_tse_transaction_open_order",
        "tse_transaction",
        ["order_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "vat_rate",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("rate_bp", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "valid_from", name=("pk_vat_rate")),
    )
    op.create_table(
        "voucher_type",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plu", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("numbering", sa.String(length=60), nullable=False),
        sa.Column("next_number", sa.String(length=60), nullable=False),
        sa.Column("vat_treatment", sa.String(length=60), nullable=False),
        sa.Column("vat_key", sa.BigInteger(), nullable=False),
        sa.Column("sale", sa.BigInteger(), nullable=True),
        sa.Column("face", sa.BigInteger(), nullable=True),
        sa.Column("zero_price_allowed", sa.Boolean(), nullable=False),
        sa.Column("face_bonus_bp", sa.BigInteger(), nullable=True),
        sa.Column("may_be_bought_with_vouchers", sa.Boolean(), nullable=False),
        sa.Column("label_template", sa.String(length=60), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("category_id", sa.String(length=60), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("is_complaint", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_voucher_type")),
        sa.UniqueConstraint("plu", name=("uq_voucher_type_plu")),
    )


def _create_tables_on_them() -> None:
    """The tables whose rows belong to rows of those above."""
    op.create_table(
        "article",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("receipt_name", sa.String(length=255), nullable=False),
        sa.Column("category_id", sa.String(length=60), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("vat_key", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("deposit_article_id", sa.Uuid(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("takes_discount", sa.Boolean(), nullable=False),
        sa.Column("is_weighed", sa.Boolean(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("age_limit", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("search_row", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=("fk_article_category_id")),
        sa.ForeignKeyConstraint(["deposit_article_id"], ["article.id"], name=("fk_article_deposit_article_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_article")),
        sa.UniqueConstraint("number", name=("uq_article_number")),
        sa.UniqueConstraint("search_row", name=("uq_article_search_row")),
    )
    op.create_index(
        ("ix_article_category_id_is_active_position_search_text"),
        "article",
        ["category_id", "is_active", "position", "search_text"],
        unique=False,
    )
    op.create_index(
        ("ix_article_is_active_position_search_text"),
        "article",
        ["is_active", "position", "search_text"],
        unique=False,
    )
    op.create_index(("ix_article_search_text"), "article", ["search_text"], unique=False)
    op.create_table(
        "closing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("z_number", sa.BigInteger(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("target_cash", sa.BigInteger(), nullable=False),
        sa.Column("counted_cash", sa.BigInteger(), nullable=True),
        sa.Column("program_version", sa.String(length=60), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["document.id"], name=("fk_closing_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=("fk_closing_shift_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_closing")),
        sa.UniqueConstraint("shift_id", name=("uq_closing_shift_id")),
        sa.UniqueConstraint("till_id", "z_number", name=("uq_closing_till_id_z_number")),
    )
    op.create_table(
        "document_line",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=255), nullable=False),
        sa.Column("gv_typ", sa.String(length=60), nullable=False),
        sa.Column("gv_name", sa.String(length=60), nullable=False),
        sa.Column("vat_key", sa.BigInteger(), nullable=False),
        sa.Column("rate_bp", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("article_number", sa.String(length=60), nullable=False),
        sa.Column("gtin", sa.String(length=60), nullable=False),
        sa.Column("category_id", sa.String(length=60), nullable=False),
        sa.Column("category", sa.String(length=255), nullable=False),
        sa.Column("reduces", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=True),
        sa.Column("voucher_number", sa.String(length=60), nullable=False),
        sa.Column("voucher_type", sa.String(length=60), nullable=False),
        sa.Column("voucher_valid_until", sa.Date(), nullable=True),
        sa.Column("voucher_face", sa.BigInteger(), nullable=True),
        sa.Column("voucher_rest", sa.BigInteger(), nullable=True),
        sa.Column("voucher_text", sa.String(length=255), nullable=False),
        sa.Column("returns", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_document_line_document_id")),
        sa.PrimaryKeyConstraint("document_id", "position", name=("pk_document_line")),
    )
    op.create_index(("ix_document_line_voucher_id"), "document_line", ["voucher_id"], unique=False)
    op.create_table(
        "document_payment",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("tender_id", sa.String(length=60), nullable=False),
        sa.Column("zahlart_typ", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_document_payment_document_id")),
        sa.PrimaryKeyConstraint("document_id", "position", name=("pk_document_payment")),
    )
    op.create_table(
        "document_reference",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("referenced_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_document_reference_document_id")),
        sa.PrimaryKeyConstraint("document_id", "position", name=("pk_document_reference")),
    )
    op.create_index(("ix_document_reference_referenced_id"), "document_reference", ["referenced_id"], unique=False)
    op.create_table(
        "document_vat",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("vat_key", sa.BigInteger(), nullable=False),
        sa.Column("rate_bp", sa.BigInteger(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_document_vat_document_id")),
        sa.PrimaryKeyConstraint("document_id", "vat_key", name=("pk_document_vat")),
    )
    op.create_table(
        "ledger_posting",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_ledger_posting_not_zero")),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["ledger_entry.id"],
            name=("fk_ledger_posting_entry_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("entry_id", "position", name=("pk_ledger_posting")),
    )
    op.create_index(("ix_ledger_posting_account_subject"), "ledger_posting", ["account", "subject"], unique=False)
    op.create_table(
        "signature",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("tse_serial", sa.String(length=64), nullable=True),
        sa.Column("transaction_number", sa.BigInteger(), nullable=True),
        sa.Column("signature_counter", sa.BigInteger(), nullable=True),
        sa.Column("start_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("log_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.String(length=60), nullable=True),
        sa.Column("process_type", sa.String(length=60), nullable=True),
        sa.Column("process_data", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outage_since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(value IS NULL) <> (failure IS NULL)", name=op.f("ck_signature_signed_or_outage")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=("fk_signature_document_id")),
        sa.ForeignKeyConstraint(["tse_serial"], ["tse.serial"], name=("fk_signature_tse_serial")),
        sa.PrimaryKeyConstraint("document_id", name=("pk_signature")),
        sa.UniqueConstraint("tse_serial", "signature_counter", name=("uq_signature_tse_serial_signature_counter")),
        sa.UniqueConstraint("tse_serial", "transaction_number", name=("uq_signature_tse_serial_transaction_number")),
    )
    op.create_table(
        "voucher",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("type_id", sa.Uuid(), nullable=False),
        sa.Column("type_name", sa.String(length=60), nullable=False),
        sa.Column("type_plu", sa.String(length=60), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("sale", sa.BigInteger(), nullable=False),
        sa.Column("face", sa.BigInteger(), nullable=False),
        sa.Column("vat_treatment", sa.String(length=60), nullable=False),
        sa.Column("vat_key", sa.BigInteger(), nullable=False),
        sa.Column("vat_rate_bp", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_till", sa.String(length=60), nullable=False),
        sa.Column("issued_number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=60), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("entry_id", sa.Uuid(), nullable=True),
        sa.Column("replaces", sa.Uuid(), nullable=True),
        sa.Column("receivable_id", sa.Uuid(), nullable=True),
        sa.Column("receivable_name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["voucher_type.id"], name=("fk_voucher_type_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_voucher")),
        sa.UniqueConstraint("type_id", "number_key", name=("uq_voucher_type_id_number_key")),
    )
    op.create_index(("ix_voucher_document_id"), "voucher", ["document_id"], unique=False)
    op.create_index(("ix_voucher_entry_id"), "voucher", ["entry_id"], unique=False)
    op.create_index(("ix_voucher_number_key"), "voucher", ["number_key"], unique=False)
    op.create_index(
        ("ix_voucher_type_id_issued_at_number_key"), "voucher", ["type_id", "issued_at", "number_key"], unique=False
    )
    _create_for_vouchers()


def _create_for_vouchers() -> None:
    """What happens to vouchers, and the shop's rules for them."""
    op.create_table(
        "voucher_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("voucher_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("till_id", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.String(length=60), nullable=False),
        sa.Column("user_name", sa.String(length=255), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=("fk_voucher_event_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=("pk_voucher_event")),
        sa.UniqueConstraint("voucher_id", "position", name=("uq_voucher_event_voucher_id_position")),
    )
    op.create_table(
        "voucher_rules",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("years", sa.BigInteger(), nullable=False),
        sa.Column("to_year_end", sa.Boolean(), nullable=False),
        sa.Column("without_number", sa.Boolean(), nullable=False),
        sa.Column("letters", sa.Boolean(), nullable=False),
        sa.Column("surplus_in_cash", sa.Boolean(), nullable=False),
        sa.Column("expired_bonus_lives", sa.Boolean(), nullable=False),
        sa.Column("expiring_months", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_voucher_rules")),
    )


def _create_for_articles() -> None:
    op.create_table(
        "article_code",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=("fk_article_code_article_id")),
        sa.PrimaryKeyConstraint("code", name=("pk_article_code")),
    )
    op.create_index(("ix_article_code_article_id"), "article_code", ["article_id"], unique=False)
    op.create_index(("ix_audit_action_subject"), "audit", ["action", "subject"], unique=False)
    op.create_table(
        "article_price",
        sa.Column("article_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=("fk_article_price_article_id")),
        sa.PrimaryKeyConstraint("article_id", "valid_from", "from_quantity", name=("pk_article_price")),
    )
    op.create_index(("ix_article_price_valid_from"), "article_price", ["valid_from"], unique=False)


def _create_grid_tables() -> None:
    op.create_table(
        "plu",
        sa.Column("plu", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("plu", name=("pk_plu")),
        sa.UniqueConstraint("kind", "ref", name=("uq_plu_kind_ref")),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("pk_category")),
    )
    op.create_table(
        "favourite",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("slot", name=("pk_favourite")),
        sa.UniqueConstraint("kind", "ref", name=("uq_favourite_kind_ref")),
    )
    op.create_table(
        "picture",
        sa.Column("owner_kind", sa.String(length=60), nullable=False),
        sa.Column("owner_ref", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("png", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner_kind", "owner_ref", name=("pk_picture")),
    )


def _index_for_searches() -> None:
    """What leads to receipts by day, amount and article (T9)."""
    op.create_index(("ix_document_ended_at"), "document", ["ended_at"], unique=False)
    op.create_index(("ix_document_total_ended_at"), "document", ["total", "ended_at"], unique=False)
    op.create_index(
        "ix_document_line_article",
        "document_line",
        ["article_number", "document_id"],
        unique=False,
        sqlite_where=sa.text("article_number <> ''"),
        postgresql_where=sa.text("article_number <> ''"),
    )
