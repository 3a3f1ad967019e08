def get(call, customer_id, order_id):
    return call("get_order", path={"customer_id": customer_id, "order_id": order_id})


def test_lines_are_completed_from_the_catalogue(seeded, call):
    status, order = get(call, "c1", "o1")
    assert status == 200
    assert order["total"] == 20
    assert order["lines"] == [
        {"sku": "cup", "quantity": 2, "picture": "cup.png", "available": True},
        {"sku": "gone", "quantity": 1, "picture": None, "available": False},
        {"sku": "cup", "quantity": 1, "picture": "cup.png", "available": True},
    ]


def test_an_order_without_lines(seeded, call):
    status, order = get(call, "c2", "o3")
    assert (status, order["lines"]) == (200, [])


def test_a_branch_is_billed_to_its_head_office(seeded, call):
    assert get(call, "c1", "o2")[1]["bill_to"] == "Head office"
    assert get(call, "c2", "o1")[1]["bill_to"] == "Head office"


def test_both_parts_of_the_key_count(seeded, call):
    assert get(call, "c1", "o3") == (404, {"message": "no such order"})
    assert get(call, "c2", "o1")[1]["total"] == 80
