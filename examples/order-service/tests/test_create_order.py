def order(*lines):
    return {"customer_id": "c1", "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}


def test_an_order_is_priced_stored_archived_and_announced(seeded, call):
    status, answer = call("create_order", body=order(("cup", 2), ("pot", 1), ("cup", 3)))
    assert (status, answer["total"]) == (201, 70)

    stored = seeded.tables.orders.get_item(Key={"customer_id": "c1", "order_id": answer["order_id"]})["Item"]
    assert stored["status"] == "NEW"
    assert stored["total"] == 70
    assert stored["warehouse"] == "south"
    assert stored["lines"] == [
        {"sku": "cup", "name": "Cup", "price": 8, "quantity": 2},
        {"sku": "pot", "name": "Teapot", "price": 30, "quantity": 1},
        {"sku": "cup", "name": "Cup", "price": 8, "quantity": 3},
    ]
    receipt = seeded.document(seeded.receipts, f"c1/{answer['order_id']}.json")
    assert receipt["total"] == 70
    assert seeded.messages() == [
        {"kind": "created", "customer_id": "c1", "order_id": answer["order_id"], "total": 70}
    ]


def test_the_nearest_warehouse_that_has_enough_is_taken(seeded, call):
    _, answer = call("create_order", body=order(("cup", 1)))
    stored = seeded.tables.orders.get_item(Key={"customer_id": "c1", "order_id": answer["order_id"]})["Item"]
    assert stored["warehouse"] == "north"


def test_all_unknown_products_are_named_and_nothing_is_stored(seeded, call):
    before = seeded.tables.orders.scan()["Count"]
    status, answer = call("create_order", body=order(("cup", 1), ("fork", 1), ("knife", 2)))
    assert (status, answer) == (422, {"message": "unknown products: fork, knife"})
    assert seeded.tables.orders.scan()["Count"] == before
    assert seeded.messages() == []


def test_bad_orders_are_refused(seeded, call):
    bad = [
        ("not json", "the body is not JSON"),
        ({"lines": [{"sku": "cup", "quantity": 1}]}, "customer_id is missing"),
        ({"customer_id": "c1", "lines": []}, "an order needs at least one line"),
        (order(("cup", 0)), "each line needs a sku and a positive quantity"),
    ]
    for body, message in bad:
        assert call("create_order", body=body) == (400, {"message": message})


def test_one_environment_serves_several_requests(seeded, call):
    identities = {call("create_order", body=order(("tray", 1)))[1]["order_id"] for _ in range(3)}
    assert len(identities) == 3
    assert len(seeded.messages()) == 3
