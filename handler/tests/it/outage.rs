//! A service that goes away for a while: a proxy in front of the emulator that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

/// A way to one service that can be cut and mended.
pub struct Line {
    /// The port on this machine.
    pub port: u16,
    up: Arc<AtomicBool>,
}

impl Line {
    /// A line to `target`, up.
    pub async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let up = Arc::new(AtomicBool::new(true));
        let state = Arc::clone(&up);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if state.load(Ordering::SeqCst) {
                    tokio::spawn(pass(stream, target.clone(), Arc::clone(&state)));
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

async fn pass(mut near: TcpStream, target: String, up: Arc<AtomicBool>) {
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
        () = cut => {}
    }
}
