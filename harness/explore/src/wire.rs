//! What cannot be seen in process, because it is about bytes, processes or real clocks: which rule, and the tests that play
//! it against the services. A test of this crate makes sure that those tests are there.

/// A rule that needs the wire.
#[derive(Clone, Copy, Debug)]
pub struct OnTheWire {
    pub code: &'static str,
    pub says: &'static str,
    /// File, from the top folder, and test. None: the contract has nothing of the kind.
    pub tested: &'static [(&'static str, &'static str)],
}

const DURABLE: &str = "harness/rehearse/tests/durable.rs";
const PEERS: &str = "harness/seat/tests/peers.rs";
const STORE: &str = "simulator/service/tests/store.rs";
const WORLDS: &str = "simulator/service/tests/worlds.rs";
const WEBHOOKS: &str = "simulator/service/tests/webhooks.rs";
const BAD_REQUESTS: &str = "simulator/service/tests/bad_requests.rs";

pub const ON_THE_WIRE: &[OnTheWire] = &[
    OnTheWire {
        code: "I-IDM-5",
        says: "Nothing is answered before it is on disk.",
        tested: &[(DURABLE, "nothing_that_was_answered_is_lost_when_it_is_killed")],
    },
    OnTheWire {
        code: "I-IDM-6",
        says: "Whoever is killed and started again has lost nothing that was answered, and has nothing twice.",
        tested: &[
            (DURABLE, "nothing_that_was_answered_is_lost_when_it_is_killed"),
            (STORE, "after_a_restart_everything_is_as_it_was"),
        ],
    },
    OnTheWire {
        code: "I-IDM-7",
        says: "A call whose outcome nobody knows is made again only where that does no harm.",
        tested: &[
            (PEERS, "what_may_not_be_repeated_is_asked_once"),
            (PEERS, "what_was_answered_only_at_the_third_try_is_flaky"),
        ],
    },
    OnTheWire {
        code: "I-IDM-8",
        says: "One idempotency key stands for one payload. The contract has no such keys: updates are numbered.",
        tested: &[],
    },
    OnTheWire {
        code: "I-IDM-10",
        says: "A cursor goes on where it stopped, and one that means nothing is refused.",
        tested: &[
            (WORLDS, "a_changes_feed_tells_each_change_once_and_never_forgets"),
            (BAD_REQUESTS, "a_bad_cursor_or_query_is_refused"),
        ],
    },
    OnTheWire {
        code: "I-DLV-1",
        says: "Only a whole answer that says so is a success.",
        tested: &[
            (PEERS, "each_kind_of_misbehaviour_is_trouble_with_its_reason"),
            (PEERS, "an_answer_that_breaks_off_or_never_ends_is_trouble"),
        ],
    },
    OnTheWire {
        code: "I-DLV-2",
        says: "What does not arrive is tried again, later and later, and told in the end.",
        tested: &[(WEBHOOKS, "what_does_not_arrive_is_tried_again_under_the_same_id_and_told")],
    },
    OnTheWire {
        code: "I-DLV-3",
        says: "What is told to a program is signed, and leads to what changed.",
        tested: &[(WEBHOOKS, "a_change_is_told_signed_and_leads_to_what_changed")],
    },
    OnTheWire {
        code: "I-DLV-4",
        says: "A token that expires is renewed once. The contract has a key that does not expire.",
        tested: &[],
    },
    OnTheWire {
        code: "I-DLV-5",
        says: "Pages put together are the whole list.",
        tested: &[(WORLDS, "pages_put_together_are_the_whole_list")],
    },
    OnTheWire {
        code: "I-CLK-1",
        says: "Every program goes by the clock that it is told.",
        tested: &[(PEERS, "the_clock_is_told_with_every_call_and_on_a_jump")],
    },
    OnTheWire {
        code: "I-CLK-2",
        says: "A clock that goes back sends nothing twice.",
        tested: &[
            (WORLDS, "going_back_undoes_what_was_done_after_and_going_on_is_the_same_again"),
            (BAD_REQUESTS, "the_clock_does_not_go_where_it_cannot"),
        ],
    },
];
