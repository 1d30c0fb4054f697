//! Work is stopped by something.

use std::sync::LazyLock;

use regex::Regex;

use super::assertion::Grammar;
use super::reader::Kind;
use super::sentence::Sentence;
use super::{Said, pattern};

/// Every assertion that work is blocked.
pub(super) fn read(sentences: &[Sentence]) -> Vec<Said> {
    let found = KIND.read(sentences);
    // A word for being blocked was there and did not count: a warning sign beside it says nothing then.
    if !found.said.is_empty() || found.refused {
        return found.said;
    }
    let sign = |(sentence, said): (usize, &Sentence)| {
        let at = SIGN.find(&said.text)?.range();
        (!said.asks && !said.joking()).then_some(Said { sentence, at, certainty: 45 })
    };
    sentences.iter().enumerate().find_map(sign).into_iter().collect()
}

/// The words from the phrase to the end of its clause.
pub(super) fn phrase<'a>(sentence: &'a Sentence, said: &Said) -> &'a str {
    let rest = sentence.text.get(said.at.start..).unwrap_or_default();
    let least = said.at.end - said.at.start;
    let ends = CLAUSE_END.find_iter(rest).filter(|end| {
        // "Blocked: no access" and "blocked, no access" say nothing without what follows.
        let told = rest.get(..end.start()).unwrap_or_default().split_whitespace().count() > 2;
        end.start() >= least && (told || !end.as_str().starts_with([':', ',']))
    });
    let end = ends.map(|end| end.start()).next().unwrap_or(rest.len());
    rest.get(..end).unwrap_or(rest).trim()
}

static CLAUSE_END: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"[,;!?…()]|\.(?:\s|$)|\s[-–—→]|:\w|:\s|\b(?:but|and|so)\b"));

static SIGN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r":(?:construction|octagonal_sign|no_entry|no_entry_sign|stop_sign|blocked):|[🚧🛑⛔]")
});

/// What people name when they say whose work it stops.
const OURS: &str = r"(?:us|me|our|my|this|that|it|everything|everyone|all|any|progress|work|(?:the\s+)?(?:\w+\s+)?(?:team|release|launch|rollout|roll-out|cutover|go-live|deployment|deploy|migration|sprint|project|program|delivery|test(?:s|ing)?|sign-?off|start|upgrade|merge|move)|[a-z][a-z0-9_]+-\d+)";

const STATE: Grammar = Grammar { negates_itself: false, past_is_over: true };
const NEGATIVE: Grammar = Grammar { negates_itself: true, past_is_over: true };

/// Words of being stopped. What is blocked, stuck or waiting elsewhere is not work: a calendar, a person on a
/// call, a thread of a program.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        concat!(
        "block|stuck|wait|proceed|continue|move|progress|go (?:ahead|further|on)|until|can't|cannot|unable|a wall|paused|on pause|no-go|held up|holding|on hold|stall|way forward|",
        "standstill|in the water|stopper|impasse|to a halt|dependenc|impediment|gated|bloq|blocc|blokk|nicht weiter|hängen|atascad|",
        "travad|warte|esperando|en attente|aguardando|espera"
    ),
        concat!(
        r"\b(?:calendar|calendars|diary|kalender|calendrier|calendario|calendário)\b|",
        r"\b(?:room|slot|time|morning|afternoon|evening|day|hours?|friday|monday|tuesday|wednesday|thursday)\s+(?:is|are|was|'s)\s+(?:\w+\s+)?blocked|",
        r"\bblocked\s+(?:off|out|(?:my|his|her|their|your|our|some|a|an|the)\s+(?:\w+\s+)?(?:time|morning|afternoon|day|hours?|slot|room|week))\b|",
        r"\bblocked\s+(?:on|from|until)\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day\s+(?:for|with|afternoon|morning)\b|",
        r"\bblock(?:ing|s)\s+(?:the\s+|a\s+|main\s+)*(?:calls?|threads?|event loop|i/?o|operations?|reads?|writes?|mode|queue|api|main thread|ui|traffic|",
        r"ports?|ips?|users?|spam|ads|requests?|domains?|senders?|bots)\b|\b(?:non|ad|spam|pop-?up|sun|code|text|time)[- ]?block|",
        r"\bblocked\s+(?:column|status|state|label|lane|swimlane|list|items|tickets|issues|users?|ips?|senders?|domains?|numbers?)\b|",
        r"\bstuck\s+(?:on|in|at)\s+(?:a|an|the|my|another)?\s*(?:\w+\s+)?(?:call|calls|train|plane|bus|tram|meetings?|traffic|elevator|lift|airport|",
        r"dentist|doctor|interview|workshop|snow|queue at)\b|\bin traffic\b|\broad-?\s?block signs?\b|",
        r"\b(?:blocked|stuck|waiting|held up)\s+(?:on|by|for)\s+(?:my |the |a |an |some |more )?(?:coffee|lunch|dinner|breakfast|beer|cake|pizza|cats?|",
        r"dogs?|hunger|weekend|kettle|weather|sunshine|kids|mondays?|nap|bus|train|taxi|uber|plumber|parcel)\b|",
        r"\bwaiting\s+(?:on|for)\s+(?:(?:the|a|an|my|your|our|his|her|code|pr|final)\s+)*(?:reviews?|build|ci|pipeline|tests? run|stand-?up|meeting|call|you all|everyone to join)\b|",
        r"\b(?:flag|mark|set|move|label|tag|put|turn|call)\b[^,;:.]{0,40}\b(?:as|to|it|them|in)\s+blocked\b|",
        r"\b(?:raise|report|list|share|post|discuss|review|flag|collect|note|bring|mention|surface|go through|talk about|look at|check|track)\s+(?:\w+\s+){0,3}blockers\b|",
        r"\b(?:can't|cannot|couldn't|unable to)\s+(?:\w+\s+)?(?:make it|join|attend|come|be there|talk|meet|dial in|wait|thank|call|answer|reply|travel)\b|",
        r"\bblockers?\s*[:?–-]?\s*(?:none|no\b|nothing|nil|n/a|keine|nope|nada|aucun|0\b)|\bblockers?\s*(?:section|column|list|channel|round|meeting)\b"
    ),
    )
    .phrase(r"\bblocked\s+(?:on|by|until|till|from|due|because|waiting|pending|with|at|here|again|since|for|as)\b", 90, STATE)
    .phrase(r"(?:\b(?:is|are|am|been|being|still|remains?|currently|now|completely|totally|fully|hard|again|both|all|we|got|gets|getting|was|were)|'s|'re|'m)\s+(?P<p>blocked)\b", 85, STATE)
    .phrase(r"(?:[a-z][a-z0-9_]+-\d+|\b(?:ticket|issue|story|task|epic|migration|cutover|rollout))\W{0,3}\s*(?P<p>blocked)\b", 85, STATE)
    .phrase(r"^\W*(?P<p>blocked)\W*(?:$|[:!.,–—-])", 85, STATE)
    .phrase(r"\b(?P<p>blocked)\s*[.!]*$", 75, STATE)
    .phrase(r"[:=]\s*(?P<p>blocked)\b", 80, STATE)
    .phrase(r"^\W*(?P<p>blocking (?:issue|bug|problem|dependency|defect))\b|\b(?:a|the|another|new)\s+(?P<q>blocking (?:issue|bug|problem|dependency|defect))\b", 80, STATE)
    .phrase(r"\b(?:hit|into|against|hitting)\s+(?P<p>a (?:brick )?wall)\b|\b(?:hit|is|have|has|at)\s+(?P<q>a (?:\w+ )?road-?\s?block)\b|^\W*(?P<r>road-?\s?block)\s*(?::|on\b|for\b)", 75, STATE)
    .phrase(r"\bnothing (?:can|will|is going to) (?:happen|move|proceed|start|be done|ship)\b[^.;?]{0,80}\b(?:until|till|unless|without)\b", 80, NEGATIVE)
    .phrase(r"\b(?:can't|cannot|can not|unable to|not able to)\s+(?:\w+\s+)?(?:start|begin|test|deploy|ship|release|merge|finish|complete|build|migrate|cut ?over|launch|roll out|install|validate|verify|sign off|close|work on|do)\b[^.;?]{0,80}\b(?:until|till|unless|without|because|since|as long as|due to)\b", 75, NEGATIVE)
    .phrase(r"\b(?:can't|cannot|unable to)\s+(?:start|begin|test|deploy|ship|release|merge|finish|complete|build|migrate|launch|install|validate|verify)\b[^.;?]{0,60},\s[^.;?]{0,60}\b(?:down|missing|broken|unavailable|offline|denied)\b", 55, NEGATIVE)
    .phrase(r"\b(?:is|are|been|now|stays?)\s+(?P<p>(?:paused|on pause|a no-go))\s+(?:until|till|because|pending|while)\b", 55, STATE)
    .phrase(&r"\b(?:has|have|'s|'ve)\s+(?P<p>blocked\s+OURS)\b".replace("OURS", OURS), 80, STATE)
    .phrase(r"\b(?:marked|flagged|moved|set|put)\s+(?:\S+\s+){0,3}(?:as|to)\s+(?P<p>blocked)\b", 70, STATE)
    .phrase(r"(?:\b(?:is|are|the|a|one|another|main|big|biggest|new|only|major|hard|real|release|current|have|has|got|hit|our|my|still|remaining|last|critical)|'s)\s+(?:\w+\s+)?(?P<p>blockers?)\b", 85, STATE)
    .phrase(r"\bblockers?\s*(?::|=|→|[-=]+>|for\b|on\b|is\b|are\b|remains?\b|[-–—]\s)", 85, STATE)
    .phrase(r"^\W*blockers?\s*[.!]*$", 75, STATE)
    .phrase(&r"\b(?:is|are|'s|still|been|keeps?|also)\s+(?P<p>blocking\s+OURS)\b".replace("OURS", OURS), 85, STATE)
    .phrase(&r"\bblock(?:ing|s)\s+OURS\b".replace("OURS", OURS), 80, STATE)
    .phrase(r"\b(?:is|are|'s)\s+(?:still\s+|now\s+|really\s+)?(?P<p>blocking)\b", 70, STATE)
    .phrase(r"\bstuck\s+(?:on|with|at|in|waiting|until|because|behind|here|again)\b", 80, STATE)
    .phrase(r"(?:\b(?:is|are|am|still|completely|totally|been|we|got)|'s|'re|'m)\s+(?P<p>stuck)\b", 80, STATE)
    .phrase(r"\b(?:can't|cannot|can not|unable to|not able to|won't be able to|couldn't)\s+(?:\w+\s+)?(?:proceed|continue|move (?:forward|on|ahead)|make (?:any )?progress|go (?:ahead|further|on)|progress|advance)\b", 85, NEGATIVE)
    .phrase(r"\b(?:can't|cannot|can not|unable to|not able to)\s+[^,.;?]{1,60}\b(?:until|till|unless)\b", 75, NEGATIVE)
    .phrase(r"\bheld\s+up\s+(?:by|on|because|at|in|until|with)\b", 80, STATE)
    .phrase(r"(?:\b(?:is|are|been|still)|'s|'re)\s+(?P<p>held\s+up)\b", 80, STATE)
    .phrase(&r"\bholding\s+(?:up\s+OURS|OURS\s+(?:up|back))\b".replace("OURS", OURS), 80, STATE)
    .phrase(r"\bon hold\b", 70, STATE)
    .phrase(r"(?:\b(?:is|are|has|have|been|still|completely)|'s|'re|[a-z]-\d+)\s+(?P<p>stalled)\b", 75, STATE)
    .phrase(r"\bstalled\s+(?:on|by|until|because|waiting|at|since)\b", 75, STATE)
    .phrase(r"\bno way forward\b", 80, NEGATIVE)
    .phrase(r"\b(?:at a (?:complete |total )?standstill|dead in the water|show-?\s?stoppers?|at an impasse|(?:come|came|ground) to a halt)\b", 80, STATE)
    .phrase(r"\b(?:missing|unmet)\s+dependenc(?:y|ies)\b", 65, STATE)
    .phrase(r"\bdependenc(?:y|ies)\s+(?:\S+\s+){0,4}(?:missing|unmet)\b", 65, STATE)
    .phrase(r"\bimpediment\b", 70, STATE)
    .phrase(r"\bgated\s+(?:on|by)\b", 65, STATE)
    .phrase(r"\b(?:not|hasn't|haven't|isn't|aren't)\s+(?:been\s+|yet\s+|got\s+)*unblocked\b", 80, NEGATIVE)
    .phrase(r"\b(?:still\s+)?(?:a?waiting\s+(?:on|for)|awaiting)\b", 50, STATE)
    .phrase(r"\b(?:blockiert|geblockt|bloquead[oa]s?|bloquée?s?|bloquants?|bloccat[oaie]|geblokkeerd|hängen fest|atascad[oa]s?|travad[oa]s?)\b", 80, STATE)
    .phrase(r"\b(?:komm\w*|geht|gehen)\s+(?:\w+\s+){0,3}nicht weiter\b", 80, NEGATIVE)
    .phrase(r"\b(?:warte[nt]?\s+(?:\w+\s+)?auf|esperando\s+(?:a|por|que|al|la|el|o)|en attente d(?:e|u|')|aguardando|à espera d[eoa])", 50, STATE)
});

#[cfg(test)]
mod tests {
    use super::super::sentence::sentences;
    use super::*;

    fn certainty(text: &str) -> Option<u8> {
        read(&sentences(text)).into_iter().map(|said| said.certainty).max()
    }

    #[test]
    fn firm_blockers() {
        let mut wrong = Vec::new();
        for text in [
            "DCT-42 is blocked on the vendor",
            "We're blocked by security review",
            "blocked on legal :cry:",
            "DCT-42 blocked",
            "Blocked: no access to the rack",
            "BLOCKED.",
            "DCT-42: blocked waiting for firewall rules",
            "we have been blocked since Tuesday",
            "still blocked on DNS",
            "Blocker: certificates expired",
            "This is a blocker for the cutover",
            "Vendor is blocking us",
            "the missing port is blocking DCT-42",
            "stuck on the certificate chain",
            "I'm stuck.",
            "can't proceed without the VLAN",
            "We cannot continue until the vendor answers",
            "held up by procurement",
            "DCT-42 is on hold",
            "migration is stalled",
            "no way forward until legal signs",
            "DCT-42 is blocked on the vendor, can anybody help?",
            "blocked on <@U1> for the keys",
            "We can't ship because we're blocked on QA",
            "No news from them. Still blocked.",
            "the vendor has not unblocked us",
            "It was blocked and still is",
            "Wir sind blockiert durch den Lieferanten",
            "DCT-42 está bloqueado por el proveedor",
            "On est bloqués par le fournisseur",
            "Estamos bloqueados pelo fornecedor",
            "<https://acme.atlassian.net/browse/DCT-42> is blocked on the vendor",
            "*Blocked* on the vendor",
            "completely blocked here",
            "DCT-41 blocks DCT-42 and nobody has looked",
            "heads up: we are blocked by the change freeze",
            "hit a blocker on DCT-42",
            "Blocked again by the proxy",
        ] {
            wrong.extend(certainty(text).is_none_or(|c| c < 60).then_some((text, certainty(text))));
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn weak_blockers() {
        for text in [
            "still waiting on the vendor for DCT-42",
            "waiting for the certificate",
            "I think we're blocked",
            "🚧 DCT-42",
            "DCT-42 :octagonal_sign:",
            "warten noch auf Freigabe",
        ] {
            assert!(certainty(text).is_some_and(|c| c < 60), "{text}: {:?}", certainty(text));
        }
    }

    #[test]
    fn no_blockers() {
        let mut wrong = Vec::new();
        for text in [
            "not blocked",
            "DCT-42 is not blocked",
            "we're no longer blocked on the vendor",
            "unblocked!",
            "nothing blocking",
            "nothing is blocking us",
            "no blockers",
            "No blockers on DCT-42 today",
            "Blockers: none",
            "any blockers?",
            "any blockers today",
            "if the vendor slips, we're blocked",
            "DCT-42 might be blocked by legal",
            "this would block the release",
            "in case we are blocked, ping me",
            "blocked by the coffee machine :joy:",
            "blocked on lunch lol",
            "DCT-42 was blocked yesterday but is moving",
            "it had been blocked until noon",
            "are we blocked?",
            "is DCT-42 blocked on the vendor?",
            "who is blocked?",
            "blocked his calendar",
            "I blocked Friday for planning",
            "hit a roadblock sign",
            "a block of code",
            "this is a blocking call",
            "time block tomorrow",
            "my calendar is blocked",
            "we will be blocked next week",
            "&gt; we are blocked on the vendor",
            "`blocked on x`",
            "he said \"blocked on the vendor\"",
            "~blocked on the vendor~",
            "we were stuck on DNS",
            "stuck in traffic",
            "I'm stuck on a call",
            "can't wait for the party",
            "please mark it as blocked",
            "shout if you're blocked",
            "let me know when you're blocked",
            "that could be a blocker",
            "I don't think we're blocked",
            "a potential blocker",
            "move it to blocked",
            "wir sind nicht blockiert",
            "ya no está bloqueado",
            "pas bloqué",
            "não está bloqueado",
            "falls wir blockiert sind",
            "estaba bloqueado ayer",
            "non-blocking io",
            "the Blocked column is empty",
            "nobody is blocked by this",
            "doesn't look like we're blocked",
            "we should be blocked at most a day",
            "Is anything blocking you",
            "previously blocked by legal",
            "not a blocker",
            "worried that we get blocked by the freeze",
            "not waiting on anyone",
            "block me some time",
            "waiting for the build",
        ] {
            wrong.extend(certainty(text).map(|certainty| (text, certainty)));
        }
        assert_eq!(wrong, []);
    }

    #[test]
    fn the_phrase_is_short_and_exact() {
        let read_phrase = |text: &str| {
            let sentences = sentences(text);
            let said = read(&sentences).into_iter().max_by_key(|said| said.certainty).unwrap();
            phrase(&sentences[said.sentence], &said).to_owned()
        };
        assert_eq!(read_phrase("DCT-42 is blocked on the vendor, since ages"), "blocked on the vendor");
        assert_eq!(read_phrase("Blocked: no access"), "Blocked: no access");
        assert_eq!(read_phrase("DCT-42 is blocked, no access."), "blocked, no access");
        assert_eq!(read_phrase("We are blocked on the crane: they won't say when"), "blocked on the crane");
        assert_eq!(read_phrase("stuck on v1.2 of the driver. Help"), "stuck on v1.2 of the driver");
    }
}
