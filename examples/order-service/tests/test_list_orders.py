CUSTOMER = "GET /customers/{customer_id}/orders"


def orders(answer):
    return sorted((order["customer_id"], order["order_id"]) for order in answer["orders"])


def test_orders_of_a_customer(seeded, call):
    cases = [
        ({}, [("c1", "o1"), ("c1", "o2")], 80),
        ({"status": "PAID"}, [("c1", "o2")], 60),
        ({"since": "2024-05-02"}, [("c1", "o2")], 60),
        ({"status": "SHIPPED"}, [], 0),
    ]
    for query, expected, total in cases:
        status, answer = call("list_orders", CUSTOMER, path={"customer_id": "c1"}, query=query)
        assert status == 200
        assert orders(answer) == expected
        assert answer["total"] == total


def test_a_customer_without_orders(seeded, call):
    answer = call("list_orders", CUSTOMER, path={"customer_id": "c9"})
    assert answer == (200, {"orders": [], "total": 0})


def test_orders_with_a_status(seeded, call):
    status, answer = call("list_orders", "GET /orders", query={"status": "PAID"})
    assert status == 200
    assert orders(answer) == [("c1", "o2"), ("c2", "o1")]


def test_unknown_statuses_and_routes_are_refused(seeded, call):
    status, answer = call("list_orders", "GET /orders", query={"status": "LOST"})
    assert status == 400
    assert "PAID" in answer["message"]
    assert call("list_orders", "GET /nothing")[0] == 404


def test_all_products(seeded, call):
    status, answer = call("list_orders", "GET /products")
    assert status == 200
    assert sorted(product["sku"] for product in answer["products"]) == ["cup", "pot", "tray"]
