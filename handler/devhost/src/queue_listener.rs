//! Takes messages from a queue, a limited number at a time, until they are dealt with or poisoned.

use crate::binding_data::Sys;
use crate::blob_trigger;
use crate::firing::{Delivery, Firing};
use crate::functions::Function;
use crate::host::Host;
use crate::host_file::{MessageEncoding, cores};
use crate::invocation::send_creating;
use crate::log::Level;
use azure::{Message, Storage, StorageError};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// The first wait at an empty queue; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(100);

/// Whose messages they are.
#[derive(Clone, Debug)]
pub(crate) enum Duty {
    /// Blob events of all functions.
    Blobs,
    /// The messages of a function's queue.
    Queue(Arc<Function>),
}

/// How dealing with a message ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Worked {
    Done,
    Failed,
    /// It can never be read: no retry, straight to the poison queue.
    Unreadable,
}

/// A queue, and how to take from it.
pub(crate) struct QueueListener {
    pub host: Arc<Host>,
    pub storage: Storage,
    pub queue: String,
    pub duty: Duty,
    pub batch: u8,
    /// No more are taken while more than this many are being dealt with.
    pub threshold: usize,
    pub most_dequeues: u32,
    pub retry_after: Duration,
    busy: AtomicUsize,
    freed: Notify,
}

impl QueueListener {
    /// The queue of a function.
    pub(crate) fn of_queue(
        host: &Arc<Host>,
        storage: &Storage,
        queue: &str,
        function: &Arc<Function>,
    ) -> Self {
        let numbers = &host.plan.file.extensions.queues;
        let threshold = numbers.new_batch_threshold;
        Self {
            host: Arc::clone(host),
            storage: storage.clone(),
            queue: queue.to_owned(),
            duty: Duty::Queue(Arc::clone(function)),
            batch: numbers.batch_size,
            threshold: threshold.unwrap_or(usize::from(numbers.batch_size / 2) * cores()),
            most_dequeues: numbers.max_dequeue_count,
            retry_after: numbers.visibility_timeout.0,
            busy: AtomicUsize::new(0),
            freed: Notify::new(),
        }
    }

    /// The host's own queue of blob events.
    pub(crate) fn of_blobs(host: &Arc<Host>, storage: &Storage) -> Self {
        let numbers = &host.plan.file.extensions.blobs;
        let most = numbers.max_degree_of_parallelism.max(1);
        let batch = u8::try_from(most / 2 + 1).unwrap_or(32).min(32);
        Self {
            host: Arc::clone(host),
            storage: storage.clone(),
            queue: blob_trigger::queue(host),
            duty: Duty::Blobs,
            batch,
            threshold: most.saturating_sub(usize::from(batch)),
            most_dequeues: numbers.poison_blob_threshold,
            retry_after: Duration::ZERO,
            busy: AtomicUsize::new(0),
            freed: Notify::new(),
        }
    }

    pub(crate) async fn listen(self: Arc<Self>) {
        let longest = self.host.plan.deviations.queue_poll;
        let mut wait = FIRST_WAIT.min(longest);
        while !self.host.is_draining() {
            self.host.until_resumed().await;
            if self.busy.load(Ordering::SeqCst) <= self.threshold && self.take().await > 0 {
                wait = FIRST_WAIT.min(longest);
                continue;
            }
            tokio::select! {
                () = tokio::time::sleep(wait) => wait = (wait * 2).min(longest),
                () = self.freed.notified() => {}
            }
        }
    }

    /// Takes a batch and starts dealing with it; says how many came.
    async fn take(self: &Arc<Self>) -> usize {
        let hold = self.host.plan.deviations.visibility;
        // Whoever waits until nothing runs waits for what is being taken, too.
        let _taking = self.host.running();
        let messages = match self.storage.receive(&self.queue, self.batch, hold).await {
            Ok(messages) => messages,
            Err(StorageError::NotFound) => Vec::new(),
            Err(error) => {
                self.complain("cannot be read", &error);
                Vec::new()
            }
        };
        let count = messages.len();
        for message in messages {
            self.busy.fetch_add(1, Ordering::SeqCst);
            let listener = Arc::clone(self);
            tokio::spawn(async move {
                let running = listener.host.running();
                listener.deal_with(message).await;
                drop(running);
                listener.busy.fetch_sub(1, Ordering::SeqCst);
                listener.freed.notify_one();
            });
        }
        count
    }

    async fn deal_with(&self, mut message: Message) {
        // A host that died over it has used up the tries.
        let worked = if message.dequeue_count > self.most_dequeues {
            Worked::Unreadable
        } else {
            self.work_while_holding(&mut message).await
        };
        let spent = message.dequeue_count >= self.most_dequeues;
        match worked {
            Worked::Done => self.delete(&message).await,
            Worked::Failed if !spent => self.give_back(message).await,
            Worked::Failed | Worked::Unreadable => self.poison(&message).await,
        }
    }

    /// Works on the message and holds it for as long as that takes.
    async fn work_while_holding(&self, message: &mut Message) -> Worked {
        let hold = self.host.plan.deviations.visibility;
        let taken = message.clone();
        let mut work = std::pin::pin!(self.work(&taken));
        loop {
            if let Ok(worked) = tokio::time::timeout(hold / 2, &mut work).await {
                return worked;
            }
            if let Err(error) = self.storage.update_visibility(&self.queue, message, hold).await {
                self.complain("cannot be held", &error);
            }
        }
    }

    async fn work(&self, message: &Message) -> Worked {
        match &self.duty {
            Duty::Blobs => match message.decoded() {
                Some(body) => blob_trigger::work(&self.host, &body).await,
                None => Worked::Unreadable,
            },
            Duty::Queue(function) => {
                let Some(body) = self.decode(message) else {
                    return Worked::Unreadable;
                };
                let delivery = Delivery::new(message, body);
                let firing = Firing::queue(function, &delivery, &Sys::now(&function.name));
                if self.host.invoke(&firing).await.is_ok() {
                    Worked::Done
                } else {
                    Worked::Failed
                }
            }
        }
    }

    fn decode(&self, message: &Message) -> Option<Vec<u8>> {
        match self.host.plan.file.extensions.queues.message_encoding {
            MessageEncoding::Base64 => message.decoded(),
            MessageEncoding::None => Some(message.raw.clone().into_bytes()),
        }
    }

    async fn delete(&self, message: &Message) {
        if let Err(error) = self.storage.delete_message(&self.queue, message).await {
            self.complain("keeps a message that is done", &error);
        }
    }

    async fn give_back(&self, mut message: Message) {
        let wait = self.retry_after;
        if let Err(error) = self
            .storage
            .update_visibility(&self.queue, &mut message, wait)
            .await
        {
            self.complain("does not take a message back", &error);
        }
    }

    async fn poison(&self, message: &Message) {
        let (storage, queue) = match &self.duty {
            Duty::Queue(_) => (&self.storage, format!("{}-poison", self.queue)),
            Duty::Blobs => {
                let account = blob_trigger::account_of(&self.host, message);
                (
                    account.unwrap_or(&self.storage),
                    blob_trigger::POISON_QUEUE.to_owned(),
                )
            }
        };
        let text = format!(
            "Message has reached MaxDequeueCount of {}. Moving message to queue '{queue}'.",
            self.most_dequeues
        );
        self.host.log().host(Level::Warning, text);
        match send_creating(storage, &queue, &message.raw).await {
            Ok(()) => self.delete(message).await,
            Err(error) => self.complain("keeps a poisoned message", &error),
        }
    }

    fn complain(&self, what: &str, error: &StorageError) {
        self.host
            .log()
            .host(Level::Warning, format!("Queue '{}' {what}: {error}", self.queue));
    }
}
