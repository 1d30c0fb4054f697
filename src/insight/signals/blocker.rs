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
    pattern(
        r":(?:construction|octagonal_sign|no_entry|no_entry_sign|stop_sign|blocked|red_circle):|[🚧🛑⛔🚫🔴]",
    )
});

/// What people name when they say whose work it stops.
const OURS: &str = r"(?:us|me|our|my|this|that|it|everything|everyone|all|any|progress|work|(?:the\s+)?(?:\w+\s+)?(?:team|release|launch|rollout|roll-out|cutover|go-live|deployment|deploy|migration|sprint|project|program|delivery|test(?:s|ing)?|sign-?off|start|upgrade|merge|move)|[a-z][a-z0-9_]+-\d+)";

const STATE: Grammar = Grammar { negates_itself: false, past_is_over: true };
const NEGATIVE: Grammar = Grammar { negates_itself: true, past_is_over: true };

/// Firm only about something: what is missing may be missed by nobody where no issue is named.
const LINKED: u8 = super::LINKED;
/// What may stand before a message's first word of weight.
const START: &str = super::START;

/// Words of being stopped. What is blocked, stuck or waiting elsewhere is not work: a calendar, a person on a
/// call, a thread of a program.
pub(super) static KIND: LazyLock<Kind> = LazyLock::new(|| {
    Kind::new(
        concat!(
        "block|stuck|wait|proceed|continue|move|progress|go (?:ahead|further|on)|until|can't|cannot|unable|a wall|paused|on pause|no-go|held up|holding|on hold|stall|way forward|",
        "standstill|in the water|stopper|impasse|to a halt|dependenc|impediment|gated|bloq|blocc|blokk|nicht weiter|hängen|atascad|",
        "travad|warte|esperando|en attente|aguardando|espera|",
        "nothing|idle|nowhere|limbo|halt|frozen|freez|jammed|parked|on ice|suspended|bottleneck|pending|no answer|no reply|no response|",
        "no word|hands are|need|before|stopped|impeded|no way|impossible|at the mercy|obstacle|snag|choke|hostage|withh|reject|refus|",
        "tripp|gridlock|deadlock|in the way|unless|without|depend|hinge|hung up|",
        "owes?|keeps us|kept|hanging|lurch|picks up|answers|awol|must wait|has to wait|waits|tools down|down tools|shelved|mothballed|jam|stonewall|stalemate|",
        "unstuck|help|prevent|keep|stop|hinder|hamper|cripp|ceas|not possible|no chance|not before|no |late with|behind|tied to|at red|clog|boxed|cornered|",
        "not able|couldn't|impossible|won't|doesn't|hasn't|haven't|has not|have not|silen|respond|answer|reply|ignor|ghost|revoked|denied|declined|pulled|withdr|locked|",
        "bogged|wedged|derailed|out of options|dead end|spinning|twiddling|holding pattern|headway|anywhere|starved|chasing|red_circle|going dark|hear back|in the dark|no path|"
        ,"treading|missing|trapped|choked|hostage|refuse|rejected|cancel|stand still|stands still|hard stop"
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
        r"dentist|doctor|interview with|workshop|snow|queue at)\b|\bin traffic\b|\broad-?\s?block signs?\b|",
        r"\b(?:blocked|stuck|waiting|held up)\s+(?:on|by|for)\s+(?:my |the |a |an |some |more )?(?:coffee|lunch|dinner|breakfast|beer|cake|pizza|cats?|",
        r"dogs?|hunger|weekend|kettle|weather|sunshine|kids|mondays?|nap|bus|train|taxi|uber|plumber|parcel)\b|",
        r"\bwaiting\s+(?:on|for)\s+(?:(?:the|a|an|my|your|our|his|her|code|pr|final)\s+)*(?:reviews?|build|ci|pipeline|tests? run|stand-?up|meeting|call|you all|everyone to join)\b|",
        r"\b(?:flag|mark|set|move|label|tag|put|turn|call)\b[^,;:.]{0,40}\b(?:as|to|it|them|in)\s+blocked\b|",
        r"\b(?:raise|report|list|share|post|discuss|review|flag|collect|note|bring|mention|surface|go through|talk about|look at|check|track)\s+(?:\w+\s+){0,3}blockers\b|",
        r"\b(?:can't|cannot|couldn't|unable to)\s+(?:\w+\s+)?(?:make it|join|attend|come|be there|talk|meet|dial in|wait|thank|call|answer|reply|travel)\b|",
        r"\b(?:of|on|with) (?:their|its|his|her) own\b|\b(?:someone|somebody|anyone|anybody) else's\b|\bnot (?:ours|our (?:problem|issue|blocker|side))\b|",
        r"\bit(?:'s| is| was|'s only| is only)\s+(?:[\w-]+\s+){1,3}(?:that|who)\s+(?:is|are|'s)\s+(?:\w+\s+)?(?:blocked|stuck|stalled|held up|waiting)\b|",
        r"\b(?:another|other|different|neighbou?ring|sister)\s+(?:\w+\s+)?(?:team|squad|program|programme|project|department|org|group|company)(?:s|'s)?\s+(?:is|are|has|'s|got)\b|",
        r"\bnothing (?:moved|happened|new|much|else)\b[^,;.]{0,20}\b(?:yesterday|today|here|to report)\b|\bstopped (?:by|using|working on|at|for|to|in to)\b|\bparked (?:in|on|my|the|outside|at|next)\b|",
        r"\bblockers?\s*[:?–-]?\s*(?:none|no\b|nothing|nil|n/a|keine|nope|nada|aucun|0\b)|\bblockers?\s*(?:section|column|list|channel|round|meeting)\b"
    ),
    )
    .phrase(r"\bblocked\s+(?:on|by|until|till|from|due|because|waiting|pending|with|at|here|again|since|for|as)\b", 90, STATE)
    .phrase(r"(?:\b(?:is|are|am|been|being|still|remains?|currently|now|completely|totally|fully|hard|again|both|all|we|got|gets|getting|was|were)|'s|'re|'m)\s+(?P<p>blocked)\b", 85, STATE)
    .phrase(r"(?:[a-z][a-z0-9_]+-\d+|\b(?:ticket|issue|story|task|epic|migration|cutover|rollout))\W{0,3}\s*(?P<p>blocked)\b", 85, STATE)
    .phrase(&format!(r"{START}(?P<p>(?:hard[- ])?blocked)\W*(?:$|[:!.,–—-])"), 85, STATE)
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
    // Nothing moves.
    .phrase(r"\bnothing\s+(?:is\s+|has\s+|'s\s+)?(?:moves|moving|moved|happens|happening|progress(?:es|ing)|works on)\b|\bnothing (?:more )?(?:we|i|you|anyone|anybody) can do\s+(?:(?:on|about|with|for|here|there|now)\b[^.;?]{0,50}\b)?(?:before|until|till|unless|without|while|as long as)\b|\bnothing (?:to|can) be done\b[^.;?]{0,50}\b(?:before|until|till|unless|without)\b", 70, NEGATIVE)
    .phrase(r"\b(?:no|zero|not (?:making )?any|without any|hardly any)\s+(?:\w+\s+)?(?:progress|movement)\s+(?:is\s+)?(?:possible|on|with|at all|here|since|until|till|before|without|because|as)\b", 75, NEGATIVE)
    .phrase(r"\b(?:sits?|sitting|stands?|standing|stood|lies|lying|sat|been|is|are|now|still)\s+(?P<p>idle)\b|\b(?:going|getting|goes|gets|leads?)\s+(?P<q>nowhere)\b|\b(?:is|are|'s|'re|in|still)\s+(?:in\s+|complete\s+|total\s+)*(?P<r>(?:limbo|gridlock(?:ed)?|deadlock(?:ed)?))\b", 75, STATE)
    .phrase(r"(?:\b(?:is|are|been|still|now|currently|completely|totally|fully|effectively|basically|has|have|ground|stays?|remains?|sits?|got)|'s|'re|[a-z]-\d+:?)\s+(?:been\s+)?(?P<p>(?:stalled|halted|jammed(?: up)?|parked|on ice|impeded|stymied|hamstrung|hung up on|suspended|in the deep freeze|bottlenecked|gridlocked|deadlocked|hindered))\b", 72, STATE)
    .phrase(r"(?:\b(?:is|are|been|still|now|completely|effectively|stays?|remains?)|'s|'re|[a-z]-\d+:?)\s+(?P<p>(?:frozen|paused|on pause))\s*(?:$|[.!,;:(]|[-–—]|\b(?:until|till|because|pending|while|since|by|as|due|over|at|for lack)\b)", 70, STATE)
    .phrase(r"\b(?:stalled|halted|frozen|parked|jammed|paused|suspended)\s+(?:until|till|because|pending|by|due to|waiting|since|over|for lack of)\b", 70, STATE)
    .phrase(&format!(r"{START}(?P<p>(?:stalled|halted|on hold|on ice|dead in the water|stopped|parked|jammed|impeded|stuck|held up|frozen|at a standstill|gridlocked|stymied))\s*(?:$|[:.!,;–—-]|\b(?:on|with|by|because|until|at|over)\b)"), 70, STATE)
    // Somebody or something stands in the way.
    .phrase(r"\b(?:is|are|'s|'re|keeps?|been|was|has|have)\s+(?:still\s+|now\s+|really\s+|also\s+|currently\s+)*(?P<p>(?:holding|hold|held)\s+(?:(?:the |our |my )?[\w@#-]+(?:\s+[\w-]+){0,3}\s+)?(?:up|back|hostage))\b|\b(?P<q>holding up)\s+(?:the|our|my|all|this|[a-z]\w+-\d+)\b|\b(?P<r>holds up)\s+(?:the|our|my|all|this|everything|[a-z]\w+-\d+)\b", 80, STATE)
    .phrase(r"(?:\b(?:is|are|becomes?|became|remains?|the|a|our|one|main|biggest|only)|'s|'re)\s+(?:\w+\s+)?(?P<p>(?:bottlenecks?|choke-?\s?points?|hold-?ups?|sticking points?|obstacles?|deal-?breakers?|gating (?:item|factor|issue)|(?:road-?\s?)block))\b|\bbottlenecks?\s*(?::|=|\bis\b|\bare\b|\bat\b|\bon\b)", 72, STATE)
    .phrase(r"\b(?:stands?|standing|gets?|getting|is|are|puts?|thrown?)\s+(?P<p>(?:squarely |right )?in (?:the|our) way)\b", 68, STATE)
    .phrase(r"\b(?:is|are|'s|'re|still|been|was|keeps?)\s+(?:still\s+)?(?P<p>(?:refusing|withholding|sitting on|dragging (?:its|their|his|her) feet))\b", 65, STATE)
    .phrase(r"\ba?waiting\s+(?:on|for)\s+(?:[\w@#'&/-]+\s+){1,7}to\s+(?:\w+)", 65, STATE)
    .phrase(r"\b(?:a?waiting\s+(?:on|for)|awaiting)\b[^.;?]{1,60}\b(?:before|so (?:that )?we can|and (?:until|without)|to (?:continue|proceed|move|unblock|start|resume|carry on|go on))\b", 68, STATE)
    .phrase(r"\bpending\s+(?:(?:the|a|an|final|formal|their|his|her|some)\s+)*(?:[\w'-]+\s+){0,2}(?:sign-?\s?off|approval|signature|clearance|response|reply|answer|decision|access|licen[cs]e|permission|paperwork|go-?ahead|review|input|feedback|delivery|confirmation)\b|\bpending on\b", 66, STATE)
    .phrase(r"\b(?P<p>(?:still\s+)?(?:no|without(?: an?)?|haven't (?:got|had|received|heard)(?: an?y?)?|have not (?:got|had|received|heard)|don't have(?: an?y?)?|not (?:got|received|heard)(?: an?y?)?|lack(?:s|ing)?(?: an?)?)\s+(?:[\w'-]+\s+){0,3}(?:answer|reply|response|word|licen[cs]es?|access|credentials?|creds|permissions?|approval|sign-?off|signature|feedback|decision|clearance|permits?|budget|purchase order|po|certificates?|keys?|quote|go-?ahead|green light)\s+(?:back\s+)?(?:from|by|out of|for|yet|so far|since|to)\b)", LINKED, NEGATIVE)
    // It cannot be done, or not before something else.
    .phrase(r"\b(?:can't|cannot|can not|couldn't|unable to|not able to|won't be able to|(?:there's |there is |is |see )?no way (?:we can|i can|for us to|of|to)|impossible to|in no position to)\s+[^.;?]{1,80}\b(?:until|till|unless|without|before|because|since|as long as|due to|while|bc|b/c|cuz|coz|cos|w/o|now that|for lack of|for want of|as (?:the|our|we|there|nobody|no|it|they|i)\b)", 72, NEGATIVE)
    .phrase(r"\b(?:can't|cannot|can not|couldn't|unable to|not able to|no way to)\s+(?:\w+\s+)?(?:start|begin|test|deploy|ship|release|merge|finish|complete|build|migrate|launch|install|validate|verify|proceed|continue|move|progress|advance|carry on|do anything|touch|even)\b[^.;?]{0,60}(?::|,|\s[-–—]|—)\s*(?:still\s+|we\s+|there's\s+|the\s+|they\s+|nobody\s+|somebody\s+|waiting\s+|it\s+)?(?:no|not|missing|lacking|waiting|still|haven't|hasn't|won't|needs?|has to|have to|pending)\b", 66, NEGATIVE)
    .phrase(r"\b(?:can't|cannot|can not|unable to|not able to|couldn't)\s+(?:\w+\s+)?(?:carry on|get (?:any )?further|get past|get anywhere|get started|resume|do anything (?:on|with|about|here)|work on (?:it|this|that))\b|\b(?:there's |there is |see )?no way (?:to|we can) (?:proceed|continue|move (?:on|forward|ahead)|go on|progress)\b", 78, NEGATIVE)
    .phrase(r"\b(?:my|our|their|the team's)?\s*hands are (?:\w+\s+)?tied\b|\bat the mercy of\b|\bat (?:the|a) mercy\b", 72, STATE)
    .phrase(r"\b(?:won't|will not|doesn't|does not|isn't going to|not going to|refuses to|refuse to)\s+(?:move|budge|start|go (?:ahead|anywhere)|proceed|happen|progress|advance)\b[^.;?]{0,60}\b(?:until|till|unless|without|before)\b", 75, NEGATIVE)
    // It needs something first.
    .phrase(r"\b(?P<p>(?:needs?|requires?|have to have|must have|has to|have to|must|needs to)\s+[^.;?]{1,80}\bbefore\s+(?:[\w@#'-]+\s+){1,4}(?:can|could|is able to|are able to|am able to|may)\s+(?:even\s+)?(?:continue|proceed|go (?:on|ahead|further)|resume|move|carry on|progress|advance|do anything|touch))\b", 75, NEGATIVE)
    .phrase(r"\b(?P<p>(?:has to|have to|must|needs? to)\s+(?:first\s+)?(?:approve|sign|answer|decide|confirm|deliver|release|grant|open|agree|unlock|clear|hand over|provide|give)\b[^.;?]{0,60}\b(?:before|first)\b)", 66, STATE)
    .phrase(r"\b(?:hinges?|hangs?|hanging|depends?|depending|dependent|contingent|conditional)\s+(?:up)?on\b[^.;?]{1,70}\b(?:(?:is|are|has|have|does|do|who|which)(?:n't| not)|still (?:not|missing|open|pending|waiting)|nobody|no one|missing|late|has yet to)\b", 66, NEGATIVE)
    // It was stopped.
    .phrase(r"(?:[a-z][a-z0-9_]+-\d+|\b(?:work|we|it|this|everything|migration|rollout|roll-out|cutover|delivery|progress|installation|testing|project|team|build|upgrade|deployment)(?: on [\w-]+)?)\s+(?:has |have |is |are |had to be |'s |'ve )?(?:been\s+|completely\s+|now\s+)*(?P<p>stopped)\s*(?:$|[.!,;:(]|[-–—]|\b(?:because|until|till|by|due|since|dead|cold|for now|when|as|in its tracks|after)\b)", 72, STATE)
    .phrase(r"\b(?:came|come|comes|ground|grinding|brought|grinds)\s+(?:[\w-]+\s+){0,3}to (?:a|an) (?:\w+\s+)?(?:halt|stop|standstill)\b", 80, STATE)
    .phrase(r"\b(?:hit|hits|ran into|run into|running into|against)\s+(?:a|an|another|the)\s+(?:\w+\s+)?(?:snag|dead[- ]?end|obstacle|impasse|blocking|show-?stopper|hard stop)\b|\bcan't get (?:any )?(?:hold|access)\b", 66, STATE)
    .phrase(r"\b(?:is|are|'s|'re|been|we|got|completely|still|now)\s+(?P<p>(?:bogged down|wedged|derailed|locked out|shut out|trapped|starved of|choked off|out of options|spinning (?:our|my|its|their) wheels|twiddling (?:our|my|their) thumbs|treading water|in a holding pattern|at a dead[- ]end|a dead[- ]end|a hard stop|at the end of the road))\b|\b(?:in|into) a (?P<q>holding pattern)\b|\b(?P<r>stands? still|standing still)\b", 72, STATE)
    .phrase(r"\b(?:no|not (?:making |gaining )?(?:any )?|zero|can't make (?:any )?)\s*headway\b|\b(?:isn't|is not|aren't|not)\s+(?:really\s+)?(?:moving|going anywhere|budging|getting anywhere)\b|\b(?:hasn't|has not|haven't|have not)\s+(?:moved|budged|progressed|advanced)\b|\bno (?:path|way) forward\b|\b(?:nobody|no one|none of us|neither of us)\s+can\s+(?:continue|proceed|work on|move|start|touch|progress|go on)\b", 70, NEGATIVE)
    // Who keeps it from us, by doing so or by not answering.
    .phrase(r"\b(?P<p>(?:hasn't|has not|haven't|have not|didn't|did not|won't|will not|doesn't|does not|isn't|is not|aren't|are not|never)\s+(?:\w+\s+){0,2}(?:answer|repl|respond|deliver|approv|sign|send|sent|grant|give|giving|given|open|releas|provid|come back|came back|got(?:ten)? back|get back|confirm|unlock|enabl|shipp|hand|pick(?:s|ed|ing)? up|return|let us|shar|arriv|process|answering)\w*\b)", LINKED, NEGATIVE)
    .phrase(r"\b(?P<p>(?:hasn't|has not|haven't|have not|won't|will not|doesn't|does not|refuses to|refused to|declines to|declined to)\s+(?:\w+\s+){0,2}(?:approv|sign|send|sent|grant|give|given|open|releas|provid|unlock|enabl|hand|let|shar|deliver|renew)\w*\b[^.;?]{0,50}\b(?:us|our|me)\b)", 66, NEGATIVE)
    .phrase(r"\b(?P<p>(?:revoked|pulled|denied|rejected|declined|withdrew|withdrawn|cancelled|canceled|turned down|locked)\s+(?:(?:the|our|my|us|all)\s+)(?:[\w-]+\s*){1,4})", LINKED, STATE)
    .phrase(r"\b(?:radio silence|complete silence|total silence|only silence)\b|\b(?:is|are|'s|'re|has gone|have gone|gone|went|goes|been|stays?|remains?)\s+(?:\w+\s+)?(?P<p>(?:silent|unresponsive|dark|not responding|not answering|ignoring us|ghosting us|ignoring me|ghosting me))\b|\b(?:been\s+)?(?P<q>chasing)\s+[^.;?]{1,50}\b(?:for|since)\b", LINKED, STATE)
    .phrase(r"\ba?waiting\b[^.;?]{0,60}\b(?:for|since)\s+(?:(?:a|an|two|three|four|five|six|seven|ten|\d+|several|many|over|more than|the last|ages|forever|mon|tue|wed|thu|fri|sat|sun|last|yesterday)\w*\b)", LINKED, STATE)
    .phrase(r"\b(?:the|our|all|this)\s+(?:[\w-]+\s+){1,4}(?:has |have |is |was |got |had to be )?(?P<p>stopped)\s*(?:$|\.|[:;]|\s[-–—]|,\s*(?:because|since|as|the|our|no|they|legal|security)\b)", 62, STATE)
    .phrase(r"\b(?:we|i)(?:'d| would)\s+(?:love|like) to\s+[^.;?]{1,60}\bbut\s+(?P<p>(?:[\w-]+\s+){0,4}(?:no|not|missing|hasn't|haven't|isn't|won't|can't|doesn't|without|waiting|need))\b", 62, NEGATIVE)
    .phrase(r"\b[a-z]\w+-\d+\W*\s(?:is|has been|remains|stays|keeps|sits)\s+(?:still\s+|now\s+|just\s+)?(?P<p>a?waiting\s+(?:on|for)|awaiting)\b|\b(?:must|has to|have to|will have to)\s+(?P<q>wait\s+(?:for|until|till|on))\b|\b(?:everything|all of it|[a-z]\w+-\d+)\s+(?P<r>waits\s+(?:for|on|until))\b", LINKED, STATE)
    .phrase(r"\b(?:still\s+)?(?P<p>owes?\s+(?:us|me)|keeps?\s+(?:us|me)\s+waiting)\b|\b(?:are|been|is|us|me|were|we're)\s+(?:still\s+)?(?:being\s+)?(?P<q>(?:kept waiting|left hanging|left in the lurch|stonewalled|hung out to dry|cornered|boxed in|clogged|crippled|shelved|mothballed|roadblocked|hampered|in a stalemate|at red|tools down))\b|\b(?P<r>(?:nobody|no one|none)\s+(?:at|in|from|over at)\s+(?:[\w@#&-]+\s+){1,4}(?:answers?|picks? up|responds?|replies|reacts?|knows|wants to|can help|is available|answered|responded|replied|picked up))\b", 66, NEGATIVE)
    .phrase(r"\b(?:log-?\s?jam|stalemate|tools down|down tools)\b", 66, STATE)
    .phrase(r"\b(?:prevent|hinder|hamper|stop)(?:s|ing|ped)?\s+(?:us|me|anyone|everyone|the team|all (?:work|progress)|[a-z]\w+-\d+)\b|\b(?:keeps?|keeping|is keeping)\s+(?:us|me|the team|[a-z]\w+-\d+)\s+from\b", 72, STATE)
    .phrase(r"\b(?:impossible|not possible|isn't possible|no chance|won't work|not happening|isn't happening|not going to happen|isn't going to happen|is off)\b[^.;?]{0,50}\b(?:until|till|unless|without|before|as long as|while)\b", 72, NEGATIVE)
    .phrase(r"\b(?P<p>needs?\s+(?:unblocking|to be unblocked|someone to unblock|somebody to unblock|help to unblock|help unblocking|a hand unblocking|help getting (?:unblocked|unstuck)|an unblock))\b|\bhelp (?:me|us) (?:get )?(?:unblock|unblocked|unstuck)\b", 68, STATE)
    .phrase(r"\b(?:work|progress|delivery|testing|everything|migration|rollout|project)\s+(?:on\s+[\w-]+\s+)?(?:has\s+|have\s+|is\s+)?(?P<p>(?:ceased|stalled|halted|dried up|stuttered out|ground to a halt|frozen|suspended))\b", 66, NEGATIVE)
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
