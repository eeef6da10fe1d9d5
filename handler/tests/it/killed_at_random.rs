//! Handler and host killed at any moment, over and over, while cases are drafted with a model that is paid by the call.
//!
//! `KILLS` sets how often (ten by default, the benchmark takes a hundred), `KILL_SEED` repeats a run that failed.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use devhost::DevHost;
use evaluation::scripted::{Behaviour, Latency, Recorded, Script, Server};
use serde_json::Value;

use crate::app::RESULTS;
use crate::killed::kill;
use crate::site::{Site, stop};

/// Kills of one round, each with a case of its own; the next round begins when all of its cases are published.
const KILLS_A_ROUND: u64 = 10;
/// What an answer may take from the model to storage, on a machine that does other things as well.
const KEEPING: Duration = Duration::from_secs(3);
/// A case is drafted in less than this after its upload.
const LONGEST_PAUSE_MILLISECONDS: u64 = 4_500;
/// A run goes on for at least so long after an answer that was not its last.
const JUST_MILLISECONDS: u64 = 300;

/// Numbers that look random and are the same for the same seed (xorshift).
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let given = std::env::var("KILL_SEED").map(|seed| seed.parse().unwrap());
        let seed = given.unwrap_or_else(|_| clock());
        println!("KILL_SEED={seed}");
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

/// Three reports about the child of a case. No two cases have a sentence in common, so that no two ask the model the same.
fn reports(round: u64, number: u64) -> Vec<(String, Vec<u8>)> {
    let child = format!("Ada{round}x{number}");
    let kinds = [
        ("D", "Educational Psychology", "understanding long instructions"),
        ("E", "Speech and Language Therapy", "finding words in class"),
        ("F", "Occupational Therapy", "holding a pencil for long"),
    ];
    let report = |(letter, kind, need): (&str, &str, &str)| {
        let text = format!(
            "{kind} Advice\n\nName: {child} Bell\nDate of birth: 01/02/2018\nDate of advice: 2 September 2026\n\n\
             Needs\n\n{child} has difficulty with {need}.\n\n\
             Provision\n\nA teaching assistant will work with {child} on {need} for 20 minutes twice weekly.\n"
        );
        (format!("Appendix {letter}.txt"), text.into_bytes())
    };
    kinds.map(report).into()
}

/// A model, what is drafted with it, and where.
struct Stage {
    site: Site,
    model: Server,
    settings: Vec<(&'static str, String)>,
    /// Just before the model's own clock was started.
    began: Instant,
}

impl Stage {
    async fn new() -> Self {
        let behaviour = Behaviour {
            latency: Latency {
                first: Duration::from_millis(150),
                ..Latency::default()
            },
            ..Behaviour::default()
        };
        let began = Instant::now();
        let model = Server::start(Script::default(), behaviour, 0).await.unwrap();
        let settings = vec![
            ("MODEL_BASE_URL", model.base_url()),
            ("MODEL_DEPLOYMENT", "scripted".into()),
            ("MODEL_KEY", "none".into()),
            ("QUIET_SECONDS", "1".into()),
            ("MOST_STARTS", "100".into()),
        ];
        Self {
            site: Site::new().await,
            model,
            settings,
            began,
        }
    }

    async fn host(&self) -> DevHost {
        let settings: Vec<(&str, &str)> = self
            .settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.site.host(&settings).await
    }

    async fn upload(&self, round: u64, number: u64) {
        for (name, bytes) in reports(round, number) {
            self.site.upload(&case(round, number), &name, bytes).await;
        }
    }

    /// Waits until the model has answered once more.
    async fn answered_again(&self) {
        let before = self.model.recorded().len();
        let end = Instant::now() + Duration::from_secs(60);
        while self.model.recorded().len() == before {
            assert!(Instant::now() < end, "the model is not asked");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What was asked and answered, by the request's body.
    fn paid(&self) -> BTreeMap<String, Vec<Recorded>> {
        let mut paid: BTreeMap<String, Vec<Recorded>> = BTreeMap::new();
        for one in self.model.recorded() {
            paid.entry(one.body.to_string()).or_default().push(one);
        }
        paid
    }
}

fn case(round: u64, number: u64) -> String {
    format!("k{round}-{number}")
}

/// Uploads a case and kills something at a random moment, over and over; gives the moments on the model's clock.
async fn kill_over_and_over(
    stage: &Stage,
    mut host: DevHost,
    round: u64,
    dice: &mut Dice,
) -> (DevHost, Vec<Duration>) {
    let mut kills = Vec::new();
    for number in 0..KILLS_A_ROUND {
        stage.upload(round, number).await;
        if number % 2 == 0 {
            tokio::time::sleep(Duration::from_millis(dice.below(LONGEST_PAUSE_MILLISECONDS))).await;
        } else {
            // On a slow machine nothing may be at work by then.
            stage.answered_again().await;
            tokio::time::sleep(Duration::from_millis(dice.below(JUST_MILLISECONDS))).await;
        }
        kills.push(stage.began.elapsed());
        if dice.below(2) == 0 {
            host.crash_handler();
        } else {
            kill(host).await;
            host = stage.host().await;
        }
    }
    (host, kills)
}

/// That a call was paid again only because a kill came before its answer was kept.
fn paid_once_but_for(kills: &[Duration], paid: &BTreeMap<String, Vec<Recorded>>) -> usize {
    let mut again = 0;
    for calls in paid.values() {
        let earlier = calls.split_last().map_or(&[][..], |(_, earlier)| earlier);
        again += earlier.len();
        for call in earlier {
            let lost = kills
                .iter()
                .any(|kill| call.begun <= *kill && *kill <= call.ended + KEEPING);
            assert!(
                lost,
                "a {} was paid again, and nothing was killed over it",
                call.purpose
            );
        }
    }
    again
}

/// How many kills came just after a call was answered: those stopped a run.
fn stopped_runs(kills: &[Duration], paid: &BTreeMap<String, Vec<Recorded>>) -> usize {
    const JUST: Duration = Duration::from_millis(JUST_MILLISECONDS);
    let ended: Vec<Duration> = paid.values().flatten().map(|call| call.ended).collect();
    let at_work = |kill: &&Duration| {
        ended
            .iter()
            .any(|ended| ended <= *kill && **kill <= *ended + JUST)
    };
    kills.iter().filter(at_work).count()
}

/// That nothing of the case is left half done: one run, archived whole, published, its lock free.
async fn whole(site: &Site, case: &str, ready: &Value) {
    assert_eq!(site.runs(case).await, 1, "{case}");
    let run = ready["run"].as_str().unwrap();
    let blobs = site
        .storage
        .list("runs", &format!("ehcp/{case}/"), 1_000)
        .await
        .unwrap();
    let mut rest: Vec<&str> = blobs
        .iter()
        .map(|blob| blob.name.strip_prefix(&format!("ehcp/{case}/")).unwrap())
        .filter(|name| !name.starts_with("answers/"))
        .collect();
    rest.sort_unstable();
    let mut expected = RESULTS.map(|(_, file)| format!("{run}/{file}")).to_vec();
    expected.extend(["lock.json".to_owned(), "status.json".to_owned()]);
    expected.sort_unstable();
    assert_eq!(rest, expected, "{case}");
    site.until(case, "published").await;
}

/// One round, and the same cases where nothing is killed: the same drafts of the same calls. Gives the runs that were stopped and the calls
/// that were paid again.
async fn round(killed: &Stage, spared: &Stage, number: u64, dice: &mut Dice) -> (usize, usize) {
    killed.model.forget();
    spared.model.forget();
    let calm = spared.host().await;
    for case in 0..KILLS_A_ROUND {
        spared.upload(number, case).await;
    }
    let (host, kills) = kill_over_and_over(killed, killed.host().await, number, dice).await;
    for at in 0..KILLS_A_ROUND {
        let case = case(number, at);
        let expected = spared.site.published(&calm, &case, 240).await;
        let ready = killed.site.published(&host, &case, 240).await;
        assert_eq!(ready["run"], expected["run"]);
        // The record says how long things took; what it says besides is in the others.
        for file in ["draft.docx", "evidence.docx", "queries.docx", "report.html"] {
            assert_eq!(ready["sha256"][file], expected["sha256"][file], "{case} {file}");
        }
        whole(&killed.site, &case, &ready).await;
    }
    killed.site.drained("draft-requests").await;
    killed.site.nothing_failed(&host).await;
    let (paid, expected) = (killed.paid(), spared.paid());
    assert!(
        expected.len() >= 60,
        "the model was hardly asked: {}",
        expected.len()
    );
    let asked = |paid: &BTreeMap<String, Vec<Recorded>>| paid.keys().cloned().collect::<Vec<_>>();
    assert!(
        asked(&paid).iter().all(|body| expected.contains_key(body)),
        "another call was made"
    );
    let again = paid_once_but_for(&kills, &paid);
    stop(host).await;
    stop(calm).await;
    (stopped_runs(&kills, &paid), again)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_each_case_ends_in_the_same_draft_and_pays_no_call_again() {
    let kills: u64 = std::env::var("KILLS").map_or(KILLS_A_ROUND, |kills| kills.parse().unwrap());
    let mut dice = Dice::new();
    let (killed, spared) = (Stage::new().await, Stage::new().await);
    let (mut at_work, mut again) = (0, 0);
    for number in 0..kills.div_ceil(KILLS_A_ROUND) {
        let (stopped, paid) = round(&killed, &spared, number, &mut dice).await;
        at_work += stopped;
        again += paid;
    }
    assert!(at_work > 0, "nothing was at work when it was killed");
    let killed = kills.div_ceil(KILLS_A_ROUND) * KILLS_A_ROUND;
    println!("KILLED {killed} AT_WORK {at_work} PAID_AGAIN {again}");
}
