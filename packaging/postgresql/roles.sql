-- Lets a role work as a till, and no more: it sells, but it can't change or delete what is booked, nor drop the triggers
-- that forbid it (80-quality X4). The database's owner runs this with psql after `till migrate`, and again after each update:
--
--   createuser --pwprompt till_counter
--   psql --dbname till --set role=till_counter --file packaging/postgresql/roles.sql
--
-- The tables whose rows may change are those of till.schema.MUTABLE; a test compares them.

\set ON_ERROR_STOP on
BEGIN;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM :"role";
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM :"role";
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM :"role";

GRANT CONNECT ON DATABASE :"DBNAME" TO :"role";
GRANT USAGE ON SCHEMA public TO :"role";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO :"role";
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO :"role";
REVOKE INSERT ON alembic_version FROM :"role";

GRANT UPDATE, DELETE ON
    article,
    article_code,
    article_price,
    category,
    counter,
    favourite,
    open_basket,
    parked_basket,
    picture,
    plu,
    print_job,
    shop,
    staff_credential,
    staff_role,
    staff_role_permission,
    staff_user,
    staff_user_permission,
    tender,
    tse_transaction,
    vat_rate,
    voucher_rules,
    voucher_type
TO :"role";

COMMIT;
