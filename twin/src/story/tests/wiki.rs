//! What Confluence holds.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{TOLD, thursday};
use crate::story::pages::{DECISIONS, RISKS, STATUS, STEERING_NOTES};
use crate::story::{cast, company};

#[test]
fn versions_count_up_and_lie_in_the_past() {
    for (now, world, _) in TOLD.iter() {
        for page in world.confluence.pages.values() {
            let numbers: Vec<u32> = page.versions.iter().map(|version| version.number).collect();
            let expected: Vec<u32> = (1..).take(numbers.len()).collect();
            assert_eq!(numbers, expected, "{now}: {}", page.id);
            assert!(page.versions.is_sorted_by_key(|version| version.created), "{now}: {}", page.id);
            assert!(page.versions.iter().all(|version| version.created <= *now), "{now}: {}", page.id);
        }
    }
}

#[test]
fn storage_is_well_formed() {
    for page in company(thursday()).confluence.pages.values() {
        for version in &page.versions {
            let names = "xmlns:ac=\"urn:ac\" xmlns:ri=\"urn:ri\"";
            let whole = format!("<root {names}>{}</root>", version.storage);
            let mut reader = Reader::from_str(&whole);
            reader.config_mut().check_end_names = true;
            loop {
                match reader.read_event() {
                    Ok(Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{} version {}: {error}", version.title, version.number),
                }
            }
        }
    }
}

#[test]
fn tracking_pages_say_what_the_arcs_need() {
    let world = company(thursday());
    let latest = |id: &str| world.confluence.pages[id].versions.last().unwrap().storage.clone();
    for key in ["ROAD-3", "ROAD-4", "ROAD-8", "ROAD-15", "DCT-9"] {
        assert!(latest(STATUS).contains(&format!(">{key}<")), "{key}");
    }
    assert!(!latest(STATUS).contains("ROAD-14"));
    assert!(latest(RISKS).contains("R-2") && latest(RISKS).contains(">DCT-81<"));
    assert!(latest(DECISIONS).contains("hange freeze") && !latest(DECISIONS).contains("ual power"));
    assert!(
        world.confluence.pages[DECISIONS].versions.len() == 2
            && world.confluence.pages[STATUS].versions.len() >= 5
    );
    let readers = world.confluence.pages[STEERING_NOTES].readers.clone().unwrap();
    let reader = world.people.iter().find(|person| person.id == cast().reader).unwrap();
    assert!(!readers.contains(reader.account_id.as_ref().unwrap()));
}
