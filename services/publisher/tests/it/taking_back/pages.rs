//! The page of a delivery that is being taken down, and the API: who may, who may not.

use chancery_access::Role;
use chancery_publisher::connectors::Removal;
use chancery_web::Language;
use http::Method;

use crate::simulator::Simulator;
use crate::world::World;

#[tokio::test]
async fn a_person_does_it_there_and_says_so() {
    let world = World::with(Simulator::where_removal_is(Removal::ByHand)).await;
    let (order, id) = world.out_on(world.account).await;
    world.ask(order.item, id).await;
    world.take_down(id).await;
    let attache = world.somebody(Role::PressAttache, world.mission);
    let reader = world.somebody(Role::DeskOfficer, world.ministry);
    let path = format!("/deliveries/{id}");
    for language in [Language::En, Language::Vi] {
        let page = world.ask_for(&attache, language, Method::GET, &path, "").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("{path}/withdrawal")), "{language:?}");
    }
    let page = world.get(&reader, &path).await;
    assert!(
        !page.body.contains("/withdrawal"),
        "who may not decide sees no button"
    );
    let form = format!("{path}/withdrawal");
    assert_eq!(world.post(&reader, &form, "decision=by_hand").await.status, 403);
    assert_eq!(world.post(&attache, &form, "decision=burn").await.status, 400);
    assert_eq!(
        world.post(&attache, &form, "decision=by_hand").await.location,
        path
    );
    assert_eq!(world.taking(id).await.state, "withdrawn");
    assert_eq!(world.post(&attache, &form, "decision=by_hand").await.status, 409);
    let api = format!("/api/v1/deliveries/{id}");
    let json: serde_json::Value = serde_json::from_str(&world.get(&attache, &api).await.body).unwrap();
    assert_eq!(
        (&json["state"], &json["withdrawal"]),
        (&"published".into(), &"withdrawn".into())
    );
    let refused = world
        .post(&reader, &format!("{api}/withdrawal"), "{\"decision\":\"again\"}")
        .await;
    assert_eq!(refused.status, 403);
}
