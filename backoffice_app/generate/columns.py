"""The columns that generated rows give, table by table."""

COLUMNS: dict[str, tuple[str, ...]] = {
    name: tuple(columns.split())
    for name, columns in {
        "customer": "id number source external_reference email first_name last_name company phone vat_id "
        "language warning created_at "
        "search sort_name",
        "orders": "id number position version source external_reference number_at_source placed_at language "
        "currency prices customer_id vat_id "
        "email phone comment tags payment_method payment_method_name payment_collects "
        "payment_by_provider payment_cost payment_vat_rate "
        "payment_vat_category authorised_at "
        "shipping_method shipping_method_name shipping_price shipping_vat_rate shipping_vat_category "
        "discount_name discount total "
        "invoicing on_hold_since hold_reason "
        "cancelled_at cancel_reason custom_status_id printed_at status payment_state shipping_state "
        "return_state paid open_amount due_on "
        "customer_name company country sort_name facet",
        "order_address": "order_id kind name company street addition postcode city region country checked",
        "order_line": "id order_id rank product_id sku name unit ships unit_price discount vat_rate "
        "vat_category total ordered cancelled invoiced "
        "shipped returned credited",
        "payment": (
            "id order_id amount booked_on booked_at method provider provider_reference by_hand reason "
            "actor_name reverses_id"
        ),
        "shipment": "id number order_id state carrier created_at shipped_at shipped_by",
        "shipment_line": "shipment_id order_line_id quantity",
        "parcel": "shipment_id tracking_number carrier",
        "document": "id public_id order_id kind number language issued_on issued_at due_on currency net vat "
        "total credits_id open_amount sent_at",
        "document_version": "document_id version snapshot snapshot_sha256 created_at",
        "allocation": "payment_id document_id amount",
        "history": (
            "sequence subject subject_id kind at actor_kind actor_id actor_name data personal_digest "
            "previous_hash hash"
        ),
        "order_facet": "key status payment_state shipping_state return_state owes payment_method "
        "shipping_method country source printed "
        "custom_status_id invoice_waits address_warning",
        "order_search": "id doc",
    }.items()
}
"""The tables that are loaded, children after their parents, and the columns that each row gives."""
