//! How fast a template is filled, beside docxtpl on the same template and data in the same run:
//! `cargo run --release -p word --example bench`. Needs Python with `docxtpl` (`pip install docxtpl`) for the
//! comparison; an argument names another Python.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use serde_json::{Map, Value, json};
use word::Template;
use word::build::{Cell, Document, Paragraph, Run, Style, Table};

/// As many placeholders as the template of the council's system that this product takes over from.
const PLACEHOLDERS: usize = 229;
/// Rows that one loop makes.
const ROWS: usize = 60;
const ROUNDS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::temp_dir().join("word-bench");
    fs::create_dir_all(&folder)?;
    let (template, data) = (template()?, data());
    let (template_path, data_path) = (folder.join("template.docx"), folder.join("data.json"));
    fs::write(&template_path, &template)?;
    fs::write(&data_path, data.to_string())?;
    let open = median(|| Template::open(&template).map(drop))?;
    let opened = Template::open(&template)?;
    let fill = median(|| opened.render(&data).map(drop))?;
    fs::write(folder.join("ours.docx"), opened.render(&data)?.bytes)?;
    println!("open:  {:8.2} ms, once", milliseconds(open));
    println!("fill:  {:8.2} ms", milliseconds(fill));
    match docxtpl(&template_path, &data_path) {
        Some(theirs) => {
            println!("docxtpl: {theirs:6.2} ms, which opens the template each time");
            println!(
                "open and fill: {:.0} times as fast",
                theirs / milliseconds(open + fill)
            );
            println!("fill:          {:.0} times as fast", theirs / milliseconds(fill));
        }
        None => println!("docxtpl is not there: pip install docxtpl"),
    }
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// The median time of some rounds.
fn median<E>(mut work: impl FnMut() -> Result<(), E>) -> Result<Duration, E> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}

/// The median milliseconds of docxtpl, if it is there.
fn docxtpl(template: &Path, data: &Path) -> Option<f64> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/bench_docxtpl.py");
    let python = env::args().nth(1).unwrap_or_else(|| "python3".to_owned());
    let output = Command::new(python)
        .arg(script)
        .arg(template)
        .arg(data)
        .output()
        .ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// A tag as Word saves it: in three runs.
fn split(name: &str) -> Paragraph {
    let runs = ["{{ ", name, " }}"].map(|piece| Run::Text(piece.to_owned()));
    Paragraph::of(Style::TableText, runs.to_vec())
}

fn template() -> Result<Vec<u8>, word::RenderFault> {
    let mut document = Document::new("Plan");
    let mut table = Table::new("Fields", &[30, 70], &["Field", "Value"]);
    for at in 0..PLACEHOLDERS {
        table = table.row([
            format!("Field {at}").as_str().into(),
            vec![split(&format!("field_{at}"))].into(),
        ]);
    }
    document.push(table);
    document.paragraph(Style::Heading1, "Rows");
    let cells: [Cell; 2] = ["{{ n.id }}".into(), "{{ n.text }}".into()];
    document.push(Table::new("Rows", &[20, 80], &["No.", "Text"]).each("n in rows", cells));
    document.bytes()
}

fn data() -> Value {
    let words = "needs visual support & short sentences in lessons; scores < 70 on two of three measures. ";
    let mut data = Map::new();
    for at in 0..PLACEHOLDERS {
        data.insert(format!("field_{at}"), json!(words.repeat(1 + at % 5)));
    }
    let rows: Vec<Value> = (0..ROWS)
        .map(|at| json!({"id": format!("B.CI.{at}"), "text": words.repeat(2)}))
        .collect();
    data.insert("rows".to_owned(), Value::Array(rows));
    Value::Object(data)
}
