def quote(call, customer_id="c2", sku="pot"):
    return call("shipping_quote", "GET /shipping/quote", query={"customer_id": customer_id, "sku": sku})


def test_the_best_of_two_offers(seeded, call):
    status, answer = quote(call)
    assert status == 200
    parcel = {"carrier": "parcel", "to": "AT", "kg": "2", "price": 7, "days": 2}
    freight = {"carrier": "freight", "to": "AT", "kg": "2", "price": 31, "days": 5}
    assert answer == {"best": parcel, "offers": [parcel, freight]}


def test_a_carrier_without_an_offer(seeded, call, partners):
    del partners.prices["parcel"]
    assert quote(call)[1]["best"]["carrier"] == "freight"
    del partners.prices["freight"]
    assert quote(call) == (502, {"message": "no carrier has an offer"})


def test_unknown_customers_and_products(seeded, call):
    for customer_id, sku in (("c9", "pot"), ("c1", "fork")):
        assert quote(call, customer_id, sku)[0] == 404


def test_estimates(seeded, call):
    cases = [
        ({"parcels": [{"kg": 1}, {"kg": 2.5}]}, {"zone": "domestic", "total": 11.5}),
        ({"parcels": [{"kg": 1}], "zone": "abroad"}, {"zone": "abroad", "total": 15}),
        ({"parcels": []}, {"zone": "domestic", "total": 0}),
    ]
    for body, expected in cases:
        assert call("shipping_quote", "POST /shipping/estimate", body=body) == (200, expected)
    assert call("shipping_quote", "POST /shipping/estimate", body={})[0] == 400


def test_tracking(seeded, call):
    track = "GET /shipping/tracking/{number}"
    assert call("shipping_quote", track, path={"number": "T7"}) == (
        200,
        {"number": "T7", "state": "on its way"},
    )
    assert call("shipping_quote", track, path={"number": "X7"})[0] == 404


def test_the_shortest_route(seeded, call):
    route = "GET /shipping/routes/{origin}/{destination}"
    found = call("shipping_quote", route, path={"origin": "harbour", "destination": "overseas"})
    assert found == (200, {"path": ["harbour", "south", "overseas"], "km": 2510})
    assert call("shipping_quote", route, path={"origin": "harbour", "destination": "moon"})[0] == 404
