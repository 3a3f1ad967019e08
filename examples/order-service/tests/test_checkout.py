import pytest


@pytest.fixture
def cart(seeded):
    def fill(*lines):
        lines = [{"sku": sku, "quantity": quantity} for sku, quantity in lines]
        seeded.tables.carts.put_item(Item={"cart_id": "k1", "lines": lines})

    return fill


def pay(call, customer_id="c1", cart_id="k1", **more):
    return call("checkout", body={"customer_id": customer_id, "cart_id": cart_id, **more})


def test_a_cart_becomes_a_paid_order(seeded, cart, call, partners):
    cart(("cup", 2), ("cup", 1), ("pot", 1))
    status, answer = pay(call)
    # 54 for the goods, 19 % tax, 4.90 for the parcel
    assert (status, answer["tax"], answer["total"]) == (201, 10.26, 69.16)
    assert partners.charges == [{"merchant": "M-1", "reference": answer["order_id"], "amount": "69.16"}]

    order = seeded.tables.orders.get_item(Key={"customer_id": "c1", "order_id": answer["order_id"]})["Item"]
    assert (order["status"], order["payment_id"]) == ("PAID", "P-1")
    assert order["lines"] == [
        {"sku": "cup", "quantity": 2},
        {"sku": "cup", "quantity": 1},
        {"sku": "pot", "quantity": 1},
    ]
    assert "Item" not in seeded.tables.carts.get_item(Key={"cart_id": "k1"})
    (message,) = seeded.messages()
    assert (message["kind"], message["order_id"]) == ("paid", answer["order_id"])


def test_tax_follows_the_country_of_each_customer(seeded, cart, call):
    taxes = []
    for customer_id in ("c1", "c2", "c1"):
        cart(("pot", 4))
        taxes.append(pay(call, customer_id)[1]["tax"])
    assert taxes == [22.8, 24, 22.8]


def test_a_coupon_lowers_the_price(seeded, cart, call):
    cart(("pot", 4))
    status, answer = pay(call, coupon="WELCOME")
    # 108 for the goods, 19 % tax, and no fee for a parcel of this worth
    assert (status, answer["tax"], answer["total"]) == (201, 20.52, 128.52)


def test_a_product_that_is_gone_stops_the_checkout(seeded, cart, call, partners):
    cart(("cup", 1), ("gone", 1))
    assert pay(call) == (409, {"message": "a product of the cart is no longer sold"})
    assert partners.charges == []
    assert "Item" in seeded.tables.carts.get_item(Key={"cart_id": "k1"})


def test_a_declined_payment_leaves_the_cart(seeded, cart, call):
    before = seeded.tables.orders.scan()["Count"]
    cart(("pot", 40))
    assert pay(call) == (402, {"message": "over the limit"})
    assert seeded.tables.orders.scan()["Count"] == before
    assert "Item" in seeded.tables.carts.get_item(Key={"cart_id": "k1"})
    assert seeded.messages() == []


def test_unknown_customers_and_carts(seeded, cart, call):
    cart(("cup", 1))
    for customer_id, cart_id in (("c9", "k1"), ("c1", "k9")):
        assert pay(call, customer_id, cart_id) == (404, {"message": "no such customer or cart"})


def test_bad_requests_are_refused(seeded, call):
    for body in ("{", {"customer_id": "c1"}, {"cart_id": "k1"}):
        assert call("checkout", body=body)[0] == 400
