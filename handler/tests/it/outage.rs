//! A service that goes away for a while: a proxy in front of the emulator that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::app::report;
use crate::site::{Site, stop};

/// What a service says that has more to do than it can.
const BUSY: &[u8] = b"HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Longer than any one request is tried, and than the host's five immediate retries of a blob event.
const OUTAGE: Duration = Duration::from_secs(20);

/// What a service does while it is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// Nobody answers at its address.
    Gone,
    /// It says that it has too much to do.
    Busy,
    /// It takes everything and says nothing.
    Silent,
}

/// A way to one service that can be cut and mended.
pub struct Line {
    /// The port on this machine.
    pub port: u16,
    up: Arc<AtomicBool>,
}

impl Line {
    /// A line to `target`, up; `away` is what becomes of callers while it is cut.
    pub async fn to(target: String, away: Away) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let up = Arc::new(AtomicBool::new(true));
        let state = Arc::clone(&up);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if state.load(Ordering::SeqCst) {
                    tokio::spawn(pass(stream, target.clone(), Arc::clone(&state), away));
                    continue;
                }
                match away {
                    Away::Gone => {}
                    Away::Busy => {
                        tokio::spawn(refuse(stream));
                    }
                    Away::Silent => {
                        tokio::spawn(hold(stream, Arc::clone(&state)));
                    }
                }
            }
        });
        Self { port, up }
    }

    /// Cuts it, also for who is speaking now.
    pub fn cut(&self) {
        self.up.store(false, Ordering::SeqCst);
    }

    /// Mends it.
    pub fn mend(&self) {
        self.up.store(true, Ordering::SeqCst);
    }
}

/// Keeps a caller waiting until the service is back.
async fn hold(near: TcpStream, up: Arc<AtomicBool>) {
    while !up.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(near);
}

async fn pass(mut near: TcpStream, target: String, up: Arc<AtomicBool>, away: Away) {
    let Ok(mut far) = TcpStream::connect(target).await else {
        return;
    };
    let cut = async {
        while up.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        () = cut => if away == Away::Silent {
            hold(near, up).await;
        },
    }
}

async fn refuse(mut near: TcpStream) {
    // A caller that has hung up by now needs no answer.
    if near.write_all(BUSY).await.is_ok() && near.shutdown().await.is_err() {
        drop(near);
    }
}

/// The host and the port of a service in a connection string.
pub fn place(connection: &str, service: &str) -> String {
    let address = connection.split(service).nth(1).unwrap();
    let address = address.trim_start_matches("=http://");
    address.split('/').next().unwrap().to_owned()
}

/// A case is uploaded, the services go away for a while, and the draft comes when they are back.
async fn outlives(services: &[&str], away: Away) {
    let site = Site::new().await;
    let mut connection = site.azurite.connection_string();
    let mut lines = Vec::new();
    for service in services {
        let target = place(&connection, service);
        let line = Line::to(target.clone(), away).await;
        connection = connection.replace(&target, &format!("127.0.0.1:{}", line.port));
        lines.push(line);
    }
    let host = site.host_over(&connection, &[("QUIET_SECONDS", "1")]).await;
    site.upload("o1", "Appendix D.txt", report("Ada Bell", "01/02/2018"))
        .await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    lines.iter().for_each(Line::cut);
    tokio::time::sleep(OUTAGE).await;
    lines.iter().for_each(Line::mend);
    site.published(&host, "o1", 150).await;
    assert_eq!(site.runs("o1").await, 1, "{services:?} {away:?}");
    site.nothing_failed(&host).await;
    stop(host).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_blobs_or_queues_delays_the_draft_and_poisons_nothing() {
    let (blobs, queues) = ("BlobEndpoint", "QueueEndpoint");
    join_all(vec![
        outlives(&[blobs], Away::Gone),
        outlives(&[queues], Away::Gone),
        outlives(&[queues], Away::Busy),
        outlives(&[blobs, queues], Away::Busy),
        outlives(&[blobs, queues], Away::Silent),
    ])
    .await;
}
