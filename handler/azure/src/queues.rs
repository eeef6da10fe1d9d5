//! Queues, with messages in base64 as the Functions host reads and writes them.

use crate::time::required;
use crate::{Storage, StorageError};
use azure_core::http::headers::HeaderName;
use azure_core::http::{RequestContent, XmlFormat};
use azure_storage_queue::models::{
    QueueClientGetPropertiesResultHeaders, QueueClientPeekMessagesOptions, QueueClientReceiveMessagesOptions,
    QueueClientSendMessageOptions, QueueMessage, QueueServiceClientListQueuesOptions, ReceivedMessage,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::TryStreamExt;
use jiff::Timestamp;
use std::time::Duration;

/// The service gives at most this many messages at once.
const MOST_AT_ONCE: u8 = 32;
/// A message stays until it is dealt with: the service's own default would lose it after seven days.
const NEVER_EXPIRES: i32 = -1;
const POP_RECEIPT: HeaderName = HeaderName::from_static("x-ms-popreceipt");

/// A message that this process holds until it becomes visible to others again.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// The service's id of the message.
    pub id: String,
    /// The proof of holding it; each change of its visibility makes a new one.
    pub pop_receipt: String,
    /// The text as stored.
    pub raw: String,
    /// How often it has been received, this time included.
    pub dequeue_count: u32,
    /// When it was sent.
    pub inserted: Timestamp,
    /// When it is dropped undelivered.
    pub expires: Timestamp,
    /// When others see it again.
    pub next_visible: Timestamp,
}

impl Message {
    /// The message's bytes, or none where the stored text is no base64.
    #[must_use]
    pub fn decoded(&self) -> Option<Vec<u8>> {
        decoded(&self.raw)
    }
}

/// The bytes of a message's text, or none where it is no base64.
#[must_use]
pub fn decoded(raw: &str) -> Option<Vec<u8>> {
    STANDARD.decode(raw.trim()).ok()
}

impl Storage {
    /// Sends a text, in base64, that becomes visible after `delay` (at most seven days).
    pub async fn send(&self, queue: &str, text: &str, delay: Duration) -> Result<(), StorageError> {
        self.send_raw(queue, STANDARD.encode(text), delay).await
    }

    /// Sends a text exactly as given.
    pub async fn send_raw(&self, queue: &str, text: String, delay: Duration) -> Result<(), StorageError> {
        let message: RequestContent<QueueMessage, XmlFormat> = QueueMessage {
            message_text: Some(text),
        }
        .try_into()?;
        let options = QueueClientSendMessageOptions {
            visibility_timeout: Some(seconds(delay)?),
            message_time_to_live: Some(NEVER_EXPIRES),
            ..Default::default()
        };
        self.queue(queue)?.send_message(message, Some(options)).await?;
        Ok(())
    }

    /// At most `most` messages (the service gives 32), hidden from others for `visibility`.
    pub async fn receive(
        &self,
        queue: &str,
        most: u8,
        visibility: Duration,
    ) -> Result<Vec<Message>, StorageError> {
        let options = QueueClientReceiveMessagesOptions {
            number_of_messages: Some(i32::from(most.clamp(1, MOST_AT_ONCE))),
            visibility_timeout: Some(seconds(visibility)?),
            ..Default::default()
        };
        let received = self
            .queue(queue)?
            .receive_messages(Some(options))
            .await?
            .into_model()?;
        received.items.into_iter().flatten().map(message).collect()
    }

    /// The texts, as stored, of the first messages that are visible (the service shows 32), which stay as they are.
    pub async fn peek(&self, queue: &str) -> Result<Vec<String>, StorageError> {
        let options = QueueClientPeekMessagesOptions {
            number_of_messages: Some(i32::from(MOST_AT_ONCE)),
            ..Default::default()
        };
        let peeked = self
            .queue(queue)?
            .peek_messages(Some(options))
            .await?
            .into_model()?;
        let texts = peeked.items.into_iter().flatten();
        Ok(texts.filter_map(|message| message.message_text).collect())
    }

    /// The queues whose names start with `prefix`.
    pub async fn queue_names(&self, prefix: &str) -> Result<Vec<String>, StorageError> {
        let options = QueueServiceClientListQueuesOptions {
            prefix: (!prefix.is_empty()).then(|| prefix.to_owned()),
            ..Default::default()
        };
        let mut listed = self.queue_service().list_queues(Some(options))?;
        let mut names = Vec::new();
        while let Some(queue) = listed.try_next().await? {
            names.extend(queue.name);
        }
        Ok(names)
    }

    /// Hides a held message for `visibility` from now on; zero gives it back at once.
    pub async fn update_visibility(
        &self,
        queue: &str,
        message: &mut Message,
        visibility: Duration,
    ) -> Result<(), StorageError> {
        let queue = self.queue(queue)?;
        let hidden = seconds(visibility)?;
        let answer = queue
            .update_message(&message.id, &message.pop_receipt, hidden, None)
            .await?;
        let receipt = answer.headers().get_optional_str(&POP_RECEIPT);
        receipt
            .ok_or_else(|| StorageError::local("answer without a receipt"))?
            .clone_into(&mut message.pop_receipt);
        Ok(())
    }

    /// Deletes a held message. [`StorageError::NotFound`] or [`StorageError::Precondition`] where it is no
    /// longer held.
    pub async fn delete_message(&self, queue: &str, message: &Message) -> Result<(), StorageError> {
        self.queue(queue)?
            .delete_message(&message.id, &message.pop_receipt, None)
            .await?;
        Ok(())
    }

    /// About how many messages the queue holds, hidden ones included.
    pub async fn approximate_count(&self, queue: &str) -> Result<u64, StorageError> {
        let count = self
            .queue(queue)?
            .get_properties(None)
            .await?
            .approximate_messages_count()?;
        count
            .and_then(|count| u64::try_from(count).ok())
            .ok_or_else(|| StorageError::local("answer without a count"))
    }

    /// Creates the queue unless it exists.
    pub async fn ensure_queue(&self, queue: &str) -> Result<(), StorageError> {
        match self.queue(queue)?.create(None).await.map_err(StorageError::from) {
            Err(StorageError::Other { code }) if code == "QueueAlreadyExists" => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Ok(()),
        }
    }
}

fn message(received: ReceivedMessage) -> Result<Message, StorageError> {
    let unreadable = || StorageError::local("unreadable message");
    Ok(Message {
        id: received.message_id.ok_or_else(unreadable)?,
        pop_receipt: received.pop_receipt.ok_or_else(unreadable)?,
        raw: received.message_text.ok_or_else(unreadable)?,
        dequeue_count: received
            .dequeue_count
            .and_then(|count| u32::try_from(count).ok())
            .ok_or_else(unreadable)?,
        inserted: required(received.insertion_time)?,
        expires: required(received.expiration_time)?,
        next_visible: required(received.time_next_visible)?,
    })
}

/// Whole seconds, rounded up: a delay must not end early.
fn seconds(duration: Duration) -> Result<i32, StorageError> {
    let whole = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(whole).map_err(|_| StorageError::local("delay too long"))
}
