//! One invocation from trigger to outputs.

use crate::answer::Answer;
use crate::binding_data::Datum;
use crate::firing::{Firing, content};
use crate::functions::{BlobInput, Function, Output, OutputKind};
use crate::handler_client::CallFault;
use crate::host::Host;
use crate::host_file::MessageEncoding;
use crate::http_output::{HttpOutputFault, Reply};
use crate::log::{Level, Source};
use crate::outputs::{OutputFault, OutputValue};
use crate::supervisor::Order;
use crate::template::{PathFault, PathTemplate};
use azure::{Put, Storage, StorageError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::join_all;
use std::future::Future;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// After the time limit the real host gives a function this long to notice, which no handler can.
const GRACE: Duration = Duration::from_secs(2);

/// Why an invocation failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvocationFault {
    #[error("the handler did not become ready")]
    NotReady,
    #[error(transparent)]
    Call(#[from] CallFault),
    #[error("input `{binding}`: {fault}")]
    Input { binding: String, fault: BindingFault },
    #[error("output `{binding}`: {fault}")]
    Output { binding: String, fault: BindingFault },
    #[error("it exceeded functionTimeout; the handler was killed with all it was doing")]
    TimedOut,
}

/// Why one binding failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BindingFault {
    #[error(transparent)]
    Path(#[from] PathFault),
    #[error(transparent)]
    Value(#[from] OutputFault),
    #[error(transparent)]
    Http(#[from] HttpOutputFault),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Host {
    /// Runs a function; the answer is what an HTTP caller gets.
    pub(crate) async fn invoke(&self, firing: &Firing) -> Result<Reply, InvocationFault> {
        let id = Uuid::new_v4();
        self.recorded(&firing.function, id, &firing.reason, self.run(firing, id))
            .await
    }

    /// Logs, counts and limits in time what is done for a function.
    pub(crate) async fn recorded<T>(
        &self,
        function: &Function,
        id: Uuid,
        reason: &str,
        work: impl Future<Output = Result<T, InvocationFault>>,
    ) -> Result<T, InvocationFault> {
        let name = &function.name;
        self.plan.counts.started(name);
        let text = format!("Executing 'Functions.{name}' (Reason='{reason}', Id={id})");
        self.log().host(Level::Information, text);
        let began = Instant::now();
        let result = self.in_time(name, id, work).await;
        self.plan.counts.ended(name, result.is_ok());
        let took = began.elapsed().as_millis();
        let (level, how) = match &result {
            Ok(_) => (
                Level::Information,
                format!("Succeeded, Id={id}, Duration={took}ms"),
            ),
            Err(fault) => (
                Level::Error,
                format!("Failed, Id={id}, Duration={took}ms): {fault}"),
            ),
        };
        let close = if result.is_ok() { ")" } else { "" };
        self.log()
            .host(level, format!("Executed 'Functions.{name}' ({how}{close}"));
        result
    }

    async fn in_time<T>(
        &self,
        name: &str,
        id: Uuid,
        work: impl Future<Output = Result<T, InvocationFault>>,
    ) -> Result<T, InvocationFault> {
        let Some(limit) = self.function_timeout() else {
            return work.await;
        };
        if let Ok(result) = tokio::time::timeout(limit, work).await {
            return result;
        }
        let text =
            format!("Timeout value of {limit:?} exceeded by function 'Functions.{name}' (Id: '{id}').");
        self.log()
            .host(Level::Error, format!("{text} Initiating cancellation."));
        tokio::time::sleep(GRACE).await;
        self.order(Order::Restart);
        Err(InvocationFault::TimedOut)
    }

    pub(crate) fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            self.log()
                .host(Level::Information, "The handler is ending already.");
        }
    }

    async fn run(&self, firing: &Firing, id: Uuid) -> Result<Reply, InvocationFault> {
        let function = &firing.function;
        let inputs = self.inputs(firing).await?;
        if !self.wait_for_handler().await {
            return Err(InvocationFault::NotReady);
        }
        let payload = firing.payload(&inputs);
        let mut answer = self
            .client
            .invoke(&function.name, id, firing.trace.as_deref(), &payload)
            .await?;
        for line in &answer.logs {
            self.log().write(
                Level::Information,
                Source::Function(function.name.clone()),
                line.clone(),
            );
        }
        if !function.outputs.iter().any(|output| output.name == "$return") {
            answer = answer.with_returned();
        }
        self.write_outputs(firing, &answer).await?;
        reply(function, &answer)
    }

    async fn inputs(&self, firing: &Firing) -> Result<Vec<(String, Datum)>, InvocationFault> {
        let read = firing.function.inputs.iter().map(|input| async move {
            let datum = self.input(firing, input).await;
            let datum = datum.map_err(|fault| InvocationFault::Input {
                binding: input.name.clone(),
                fault,
            })?;
            Ok((input.name.clone(), datum))
        });
        join_all(read).await.into_iter().collect()
    }

    async fn input(&self, firing: &Firing, input: &BlobInput) -> Result<Datum, BindingFault> {
        let (container, name) = input.path.blob(&firing.data)?;
        let blob = self
            .connection(&input.connection)?
            .storage
            .get(&container, &name)
            .await?;
        Ok(blob.map_or(Datum::Json(serde_json::Value::Null), |blob| {
            content(&blob.bytes, input.data_type)
        }))
    }

    /// All at once and not as one: where one fails, the others may be written.
    async fn write_outputs(&self, firing: &Firing, answer: &Answer) -> Result<(), InvocationFault> {
        let writes = firing.function.outputs.iter().map(|output| async move {
            let written = self.write_output(firing, answer, output).await;
            written.map_err(|fault| InvocationFault::Output {
                binding: output.name.clone(),
                fault,
            })
        });
        join_all(writes).await.into_iter().collect()
    }

    async fn write_output(
        &self,
        firing: &Firing,
        answer: &Answer,
        output: &Output,
    ) -> Result<(), BindingFault> {
        let named = answer
            .outputs
            .as_ref()
            .and_then(|outputs| outputs.get(&output.name))
            .cloned();
        let value = if output.name == "$return" {
            Some(answer.return_value.clone())
        } else {
            named
        };
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return Ok(());
        };
        let value = OutputValue::new(value, output.data_type);
        match &output.kind {
            OutputKind::Http => Ok(()),
            OutputKind::Blob { path, connection } => {
                let storage = &self.connection(connection)?.storage;
                write_blob(storage, path.blob(&firing.data)?, value).await
            }
            OutputKind::Queue { queue, connection } => {
                let storage = &self.connection(connection)?.storage;
                self.send(storage, queue, firing, value).await
            }
        }
    }

    async fn send(
        &self,
        storage: &Storage,
        queue: &PathTemplate,
        firing: &Firing,
        value: OutputValue,
    ) -> Result<(), BindingFault> {
        let queue = queue.render(&firing.data)?;
        let encoding = self.plan.file.extensions.queues.message_encoding;
        for message in value.into_messages() {
            send_creating(storage, &queue, &encoded(&message, encoding)).await?;
        }
        Ok(())
    }
}

fn reply(function: &Function, answer: &Answer) -> Result<Reply, InvocationFault> {
    let http = function
        .outputs
        .iter()
        .find(|output| matches!(output.kind, OutputKind::Http));
    let Some(output) = http else {
        return Ok(Reply::empty(204));
    };
    Reply::from_answer(answer, &output.name).map_err(|fault| InvocationFault::Output {
        binding: output.name.clone(),
        fault: fault.into(),
    })
}

async fn write_blob(
    storage: &Storage,
    (container, name): (String, String),
    value: OutputValue,
) -> Result<(), BindingFault> {
    let Some(bytes) = value.into_blob()? else {
        return Ok(());
    };
    match storage
        .put(&container, &name, bytes.clone(), Put::default())
        .await
    {
        Err(StorageError::NotFound) => {
            storage.ensure_container(&container).await?;
            storage.put(&container, &name, bytes, Put::default()).await?;
        }
        Err(error) => return Err(error.into()),
        Ok(_) => {}
    }
    Ok(())
}

fn encoded(message: &[u8], encoding: MessageEncoding) -> String {
    match encoding {
        MessageEncoding::Base64 => STANDARD.encode(message),
        MessageEncoding::None => String::from_utf8_lossy(message).into_owned(),
    }
}

/// Sends a text as it is, to a queue that is created where it is not there.
pub(crate) async fn send_creating(storage: &Storage, queue: &str, text: &str) -> Result<(), StorageError> {
    match storage.send_raw(queue, text.to_owned(), Duration::ZERO).await {
        Err(StorageError::NotFound) => {
            storage.ensure_queue(queue).await?;
            storage.send_raw(queue, text.to_owned(), Duration::ZERO).await
        }
        sent => sent,
    }
}
