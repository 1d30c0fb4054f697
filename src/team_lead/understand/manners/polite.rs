//! Politeness, in several languages, as single words.

use std::collections::BTreeSet;
use std::sync::LazyLock;

const ENGLISH: &str = "\
    please pls plz plss pleease kindly thanks thank thx ty cheers hi hello hey heya hiya yo howdy dear \
    sorry ok okay alright so well now asap quickly quick and then also plus too the a an our my all run \
    do just only but go lets let bot caughtup team folks friend mate buddy pal there everyone again um \
    uh hmm oh great awesome perfect yes yeah yep sure execute start begin trigger launch workflow agent \
    routine uhm umm erm err ah aha eh hm hmmm ooh wow haha hahaha lol hehe guys man dude bro sir madam \
    maam boss chief champ robot amigo friends crew gang yall greetings gm anyway anyways btw fyi super \
    nice cool lovely brilliant fantastic excellent amazing wonderful apologies pardon urgently \
    immediately promptly instantly gladly thankyou thnx thanx tnx tks tysm thks plse plez pleas pleae \
    plase kthx tyvm np yup aye roger everybody";

/// German, French, Spanish, Italian, Portuguese, Dutch, the North, Polish, Turkish, Japanese, Chinese, Russian, …
const OTHER: &str = "\
    bitte danke hallo servus moin merci bonjour salut sil te plait plaît vous plat stp svp por favor \
    gracias hola buenas buenos días dias per favore grazie ciao buongiorno obrigado obrigada olá ola \
    dank alsjeblieft alstublieft hoi tack tak takk hej hei kiitos moi vänligen proszę prosze dziękuję \
    dzięki cześć lütfen teşekkürler merhaba děkuji prosím köszönöm mulțumesc onegaishimasu arigato \
    お願いします ありがとう こんにちは 请 谢谢 你好 пожалуйста спасибо привет 부탁합니다 감사합니다 안녕하세요 guten morgen tag namaste \
    shukran shalom شكرا مرحبا תודה saludos abrazo gruß grüße mfg vielen schönen liebe cordialement tudo \
    bem xin chào cảm ơn terima kasih tolong 拜托 辛苦了 早上好 おはよう すみません 죄송합니다 будьте добры здравствуйте \
    просьба";

/// Said around any request, also one that writes.
pub(in super::super) static POLITE: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| ENGLISH.split(' ').chain(OTHER.split(' ')).collect());
