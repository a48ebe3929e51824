//! Lines of a journal as stores of format 1 hold them. **A line that is read otherwise, or no longer, makes old stores
//! unreadable**: that needs another number of the format, and a way from the old one.

use service::Entry;

const LINES: &[&str] = &[
    r#"{"set_up":{"clock":"2026-03-02T09:00:00Z","seed":1,"settings":{"identifier_matching":"exact","partial_carries":"near_term_people","new_branch":"must_exist","service_move":"follows_rostering","contact_details":"acp_keeps_its_own","managed_demographics":["date_of_birth"],"near_term":"rolling_72_hours","deletion":"possible","end_date":"keeps_record_active","absent_field":"leaves_value"},"services":[{"name":"Leeds","branches":["North Leeds"]}],"records":[{"origin":"by_hand","external_id":"00482","status":"active","fields":{"given_name":"Ada"},"role_access":["Night team"],"care":[{"kind":"care_plan","title":"Mornings","activities":["Wash"]}]}],"environments":[{"name":"office","system":"people_planner","prefix":"N-","branches":["North Leeds"],"live":true}]}}"#,
    r#""reset""#,
    r#"{"back_to":"2026-03-02T09:10:00Z"}"#,
    r#"{"back_to_call":7}"#,
    r#"{"call":"pass"}"#,
    r#"{"call":{"rostering":{"environment":0,"command":{"plan_visit":{"id":"V-1","service_user":"SU-1","starts":"2026-03-03T10:00:00Z","lasts":"PT30M","employee":null,"requirement":null}}}}}"#,
    r#"{"call":{"rostering":{"environment":0,"command":{"suspend":{"id":"SU-1","from":"2026-03-03T10:00:00Z","until":null,"reason":"hospital"}}}}}"#,
    r#"{"call":{"put_service_user":{"environment":0,"id":"SU-1","put":{"fields":{"branch":""},"version":3}}}}"#,
    r#"{"call":{"switch":{"environment":0,"on":true}}}"#,
    r#"{"call":{"receive":{"kind":"partial","system":"care_rostering","environment":1,"sequence":4,"sent_at":"2026-03-02T09:00:00.5Z","branches":["Hull"],"service_users":[{"external_id":" 7","fields":{"nhs_number":"9990000018"},"requirements":[{"id":"Q1","name":"Mornings"}]}],"visits":[{"id":"V","service_user":" 7","starts":"2026-03-03T10:00:00Z","ends":"2026-03-03T10:30:00Z","employee":"Joe","requirement":null}],"visits_until":"2026-03-05T09:00:00Z"}}}"#,
    r#"{"call":{"upsert":{"external_id":"X","put":{"fields":{"given_name":"Kit"},"requirements":[],"environment":null,"sequence":9}}}}"#,
    r#"{"call":{"act":{"by":{"branch_administrator":["North Leeds"]},"action":{"move":{"record":1,"to":{"branch":"York","service":null},"leaving":["document"]}}}}}"#,
    r#"{"call":{"act":{"by":"support","action":{"merge":{"survivor":1,"loser":2}}}}}"#,
    r#"{"call":{"begin_fault":{"kind":{"refuse":{"status":503,"retry_after":"PT1M"}},"on":{"kind":"full","environment":null,"carrying":"SU-1"},"times":2}}}"#,
    r#"{"call":{"lift_fault":0}}"#,
    r#"{"call":{"raise_case":{"kind":"move","name":"Ada","service":"Leeds","external_id":null,"description":"went","records":[1],"correct_service":"York","rostering_system":null}}}"#,
    r#"{"call":{"close_case":1}}"#,
];

#[test]
fn lines_of_format_1_are_read_and_written_as_they_were() {
    for line in LINES {
        let entry: Entry = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(serde_json::to_string(&entry).expect("JSON"), *line);
    }
}
