//! The small words of a sentence.

use std::collections::BTreeSet;
use std::sync::LazyLock;

const WORDS: &str = "\
    i im ive id ill me we us you u it its is are am was were be been being he she they them their his \
    her this that these those what which who whom whose where when why how if whether as of on in at to \
    for from with by about into over around up out off back down or did does doing done has have had \
    having will would could should shall can may might must want wanna gonna need needed necessary \
    required wanted skipped excluded needs like love give gimme show tell get got getting send post \
    posted put make see look looking know read write draft prepare prep create generate produce check \
    view share publish update updated updates refresh pull fetch grab print display list report say ask \
    hear find think take walk through going gone goes stand stands standing things thing stuff \
    everything anything something any some every each both other others more most much many lot few own \
    same very really still already yet ever always today tomorrow yesterday tonight week weeks day days \
    daily weekly month quarter year wewill q1 q2 q3 q4 morning afternoon evening night meeting meetings call \
    sync review 1:1 boss manager lead leads leadership people colleagues project projects program \
    programs programme programmes work working current currently latest last recent recently lately new \
    next upcoming short long brief detailed details detail full complete whole overall status state \
    progress risk risks blocker blockers blocked track jira confluence slack page pages channel channels \
    thread issue issues ticket tickets digest summary overview version note notes text here because \
    since while until before after during between than instead not no dont good nice fine bad big small \
    one two three along together including include includes rest remaining within across per via please \
    time times moment minute second sec bit little kind there busy happy helpful appreciated appreciate \
    cool lovely vacation holiday holidays pto leave sick away ooo coffee ready regarding re wrt \
    concerning doc docs site org company late later slip slips slipped slipping behind ahead delayed \
    delay delays overdue due deadline deadlines date dates target targets goal goals finish finished \
    finishing completed completing deliver delivered delivering ship shipped shipping land landing hit \
    meet met against versus vs trouble danger healthy unhealthy health red amber yellow green burn \
    burndown velocity points left open closed paste copy email mail management managers stakeholders \
    exec execs executives engineers engineering director vp cto ceo decision decisions decided question \
    questions answer answers unanswered waiting pending mention mentions message messages changed change \
    changes happened happen happening moved moving stuck stalled slow fast everybody everyone anybody \
    anyone somebody someone nobody person folks team teams maybe perhaps possibly actually basically \
    simply literally damn bloody possible able chance wonder wondering bother bothering disturb \
    disturbing interrupt interrupting annoy annoying ones far near soon first finally exactly roughly \
    generally mostly my mine yours ours theirs myself yourself saw seen seeing gets gives shows says \
    said makes made come comes coming came keep keeps kept explain describe inform present provide throw \
    hand dump drop pass supply return compile build assemble plan plans planned planning schedule \
    scheduled milestone milestones item items epic epics task tasks card cards miss missed missing better worse worst best \
    okay alright right wrong bring brought run running ran information info infos data facts numbers \
    figures metrics insight insights news picture idea sense feel feeling interested curious eager dying \
    worried concerned supposed expected likely format formatted bullet bullets markdown paragraph \
    sentence sentences line lines minutes pm eod eow hour hours werent couldnt wouldnt theyre theyve \
    youre youve weve whos thats theres heres prior then once again however though although else \
    otherwise besides glance peek quick quickly shortly ontrack tracking tracked reach reached reaching \
    achieve achieved achieving accomplish accomplished works worked usual \
    regular do";

/// The small words of questions and statements, and what is said of plans, dates and people: they prove
/// nothing, and only a request that writes minds them.
pub(in super::super) static SMALL: LazyLock<BTreeSet<&str>> = LazyLock::new(|| WORDS.split(' ').collect());
