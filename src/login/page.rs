//! The page that the browser gets from the listener of a sign-in: one design, its words by what happened.
//!
//! Its address holds the authorization code, so the answer is stored nowhere and passed on to nobody, and the page has
//! no script and loads nothing. What the request brought is shown only as escaped text. The words fit the console's
//! sign-in and that of IAM Identity Center.

use crate::error::Printable;
use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

/// What has happened, as the person at the browser is told.
#[derive(Clone, Copy, Debug)]
pub(super) enum Page<'a> {
    /// The sign-in has arrived; how it ends is seen in the terminal.
    Received,
    /// The same once more.
    Again,
    /// `access_denied`.
    Denied,
    /// Any other `error`, with its `error_description`.
    Failed {
        error: &'a str,
        description: Option<&'a str>,
    },
    /// A `state` that is not this sign-in's.
    WrongState,
    /// This sign-in has waited long enough.
    Expired,
    /// This sign-in has ended in another way.
    Over,
    NotFound,
    BadRequest,
    MethodNotAllowed,
    HeadersTooLarge,
}

/// How much of an `error` and of its description is shown, in characters.
const ERROR_LENGTH: usize = 60;
const DESCRIPTION_LENGTH: usize = 200;

/// What differs from page to page.
struct Words {
    /// Code and reason of HTTP.
    status: &'static str,
    symbol: Symbol,
    heading: &'static str,
    told: &'static str,
    next: &'static str,
}

/// What is drawn on the fob: a class of the style, and a path that starts in the middle.
type Symbol = (&'static str, &'static str);
const CHECK: Symbol = ("good", "m-14 1 10 10 18-20");
const BAR: Symbol = ("stop", "m-14 0h28");
const CROSS: Symbol = ("stop", "m-11-11 22 22m0-22-22 22");
const NOT_EQUAL: Symbol = ("wait", "m-15-6h30m-30 12h30m-8-17-14 22");
const CLOCK: Symbol = ("wait", "m0-10v10l8 6m-8-22a17 17 0 1 1-.1 0");
const QUESTION: Symbol = ("wait", "m-9-8a9 9 0 1 1 13 8q-4 2.5-4 6.5m0 9v.1");

const OPEN_THE_LINK: &str = "Open the link that the terminal shows.";

impl Page<'_> {
    /// The whole answer: head and page.
    pub(super) fn response(self) -> Vec<u8> {
        let page = self.render();
        (self.render_head(page.len()) + &page).into_bytes()
    }

    /// The answer to HEAD, which is the same without the page.
    pub(super) fn head(self) -> Vec<u8> {
        self.render_head(self.render().len()).into_bytes()
    }

    fn words(self) -> Words {
        match self {
            Self::Received => Words {
                status: "200 OK",
                symbol: CHECK,
                heading: "Sign-in received",
                told: "AWS has handed this sign-in to keyfob, which completes it in the terminal.",
                next: "Return to the terminal. This tab can be closed.",
            },
            Self::Again => Words {
                status: "200 OK",
                symbol: CHECK,
                heading: "Already received",
                told: "keyfob received this sign-in on the first visit to this page. Another visit changes nothing.",
                next: "Return to the terminal. This tab can be closed.",
            },
            Self::Denied => Words {
                status: "200 OK",
                symbol: BAR,
                heading: "Access denied",
                told: "AWS reports that access was denied in the browser. keyfob has received no credentials.",
                next: "To sign in after all, run the command in the terminal again and choose Allow. If there was \
                       nothing to choose, ask your AWS administrator for permission to sign in this way.",
            },
            Self::Failed { .. } => Words {
                status: "200 OK",
                symbol: CROSS,
                heading: "Sign-in failed",
                told: "The browser came back with an error in place of a sign-in:",
                next: "Run the command in the terminal again. If the error stays, show it to your AWS administrator.",
            },
            Self::WrongState => Words {
                status: "400 Bad Request",
                symbol: NOT_EQUAL,
                heading: "This is another sign-in",
                told: "It comes from an older tab or another program. Nothing was accepted, and the sign-in in the \
                       terminal still waits.",
                next: "Close this tab, and open the link that the terminal shows.",
            },
            Self::Expired => Words {
                // Browsers may repeat a request by themselves after 408, the other candidate.
                status: "410 Gone",
                symbol: CLOCK,
                heading: "Too late for this sign-in",
                told: "keyfob has stopped waiting for it. Nothing was accepted.",
                next: "Run the command in the terminal again.",
            },
            Self::Over => Words {
                status: "410 Gone",
                symbol: CROSS,
                heading: "This sign-in has ended",
                told: "keyfob does not wait for it any more. The terminal says how it ended.",
                next: "Run the command in the terminal again.",
            },
            Self::NotFound => Words {
                status: "404 Not Found",
                symbol: QUESTION,
                heading: "Nothing here",
                told: "keyfob only waits for the end of a sign-in at this address.",
                next: OPEN_THE_LINK,
            },
            Self::BadRequest => Words {
                status: "400 Bad Request",
                symbol: QUESTION,
                heading: "Request not understood",
                told: "This is not what a browser brings at the end of a sign-in.",
                next: OPEN_THE_LINK,
            },
            Self::MethodNotAllowed => Words {
                status: "405 Method Not Allowed",
                symbol: QUESTION,
                heading: "Method not allowed",
                told: "keyfob answers GET alone.",
                next: OPEN_THE_LINK,
            },
            Self::HeadersTooLarge => Words {
                status: "431 Request Header Fields Too Large",
                symbol: QUESTION,
                heading: "Request too large",
                told: "The browser sent more than keyfob reads, perhaps cookies of other programs at this address.",
                next: "In a private window, open the link that the terminal shows.",
            },
        }
    }

    fn render(self) -> String {
        let Words { status: _, symbol: (tone, mark), heading, told, next } = self.words();
        let quote = match self {
            Self::Failed { error, description } => quote(error, description),
            _ => String::new(),
        };
        format!(
            include_str!("page.html"),
            style = style(),
            tone = tone,
            mark = mark,
            heading = heading,
            told = told,
            quote = quote,
            next = next,
        )
    }

    fn render_head(self, length: usize) -> String {
        let status = self.words().status;
        let allow = if matches!(self, Self::MethodNotAllowed) { "Allow: GET\r\n" } else { "" };
        let style = Base64::encode_string(&Sha256::digest(style()));
        format!(
            "HTTP/1.1 {status}\r\n\
             {allow}\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {length}\r\n\
             Connection: close\r\n\
             Cache-Control: no-store\r\n\
             Referrer-Policy: no-referrer\r\n\
             X-Content-Type-Options: nosniff\r\n\
             X-Frame-Options: DENY\r\n\
             Cross-Origin-Opener-Policy: same-origin\r\n\
             Content-Security-Policy: default-src 'none'; style-src 'sha256-{style}'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\
             \r\n"
        )
    }
}

/// The style on one line, so that the line ends of a checkout do not change its hash.
fn style() -> String {
    include_str!("page.css").lines().map(str::trim).collect()
}

/// What the request said, in its own words.
fn quote(error: &str, description: Option<&str>) -> String {
    let error = echo(error, ERROR_LENGTH);
    let description = echo(description.unwrap_or_default(), DESCRIPTION_LENGTH);
    format!("<blockquote><code>{error}</code>{description}</blockquote>\n")
}

/// Text of a stranger, shortened, visible and without meaning in HTML.
fn echo(text: &str, length: usize) -> String {
    let end = text.char_indices().nth(length);
    let (shown, more) = end.map_or((text, ""), |(end, _)| (&text[..end], "…"));
    let shown = Printable(shown).to_string();
    // The ampersand first, as the others bring one.
    let shown = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    shown.replace('"', "&quot;").replace('\'', "&#39;") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAILED: Page = Page::Failed { error: "server_error", description: Some("Try later.") };
    const ALL: [Page; 11] = [
        Page::Received,
        Page::Again,
        Page::Denied,
        FAILED,
        Page::WrongState,
        Page::Expired,
        Page::Over,
        Page::NotFound,
        Page::BadRequest,
        Page::MethodNotAllowed,
        Page::HeadersTooLarge,
    ];

    /// The head with its blank line, and the page.
    fn parts(page: Page) -> (String, String) {
        let response = String::from_utf8(page.response()).expect("a page is UTF-8");
        let (head, page) = response.split_once("\r\n\r\n").expect("a head ends with a blank line");
        (format!("{head}\r\n\r\n"), page.to_owned())
    }

    fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
        let (_, rest) = text.split_once(before).expect("the text has the first mark");
        rest.split_once(after).expect("the text has the second mark").0
    }

    #[test]
    fn head_is_what_a_browser_needs_to_keep_the_code_to_itself() {
        let (head, page) = parts(Page::Received);
        let style = between(&head, "'sha256-", "'");
        assert_eq!(
            head,
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
                 Connection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
                 X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n\
                 Cross-Origin-Opener-Policy: same-origin\r\n\
                 Content-Security-Policy: default-src 'none'; style-src 'sha256-{style}'; img-src data:; \
                 base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n\r\n",
                page.len()
            )
        );
    }

    #[test]
    fn each_page_answers_with_its_status() {
        let statuses = ALL.map(|page| between(&parts(page).0, "HTTP/1.1 ", " ").to_owned());
        assert_eq!(statuses, ["200", "200", "200", "200", "400", "410", "410", "404", "400", "405", "431"]);
        let allow = ALL.map(|page| parts(page).0.contains("\r\nAllow: GET\r\n"));
        assert_eq!(allow, ALL.map(|page| matches!(page, Page::MethodNotAllowed)));
    }

    #[test]
    fn length_and_hash_are_those_of_what_is_sent() {
        for shown in ALL {
            let (head, page) = parts(shown);
            assert_eq!(between(&head, "Content-Length: ", "\r"), page.len().to_string(), "{shown:?}");
            let hash = Base64::encode_string(&Sha256::digest(between(&page, "<style>", "</style>")));
            assert_eq!(between(&head, "style-src 'sha256-", "'"), hash, "{shown:?}");
        }
    }

    #[test]
    fn head_requests_get_the_head_alone() {
        for page in ALL {
            assert_eq!(page.head(), parts(page).0.into_bytes(), "{page:?}");
        }
    }

    #[test]
    fn every_page_names_what_happened_and_what_to_do() {
        for shown in ALL {
            let (_, page) = parts(shown);
            let heading = between(&page, "<h1>", "</h1>");
            assert_eq!(between(&page, "<title>", "</title>"), format!("{heading} – keyfob"));
            let next = between(&page, "<h2>What to do now</h2>\n<p>", "</p>");
            assert!(next.contains("terminal") && next.ends_with('.'), "{shown:?}: {next}");
        }
    }

    #[test]
    fn pages_run_and_load_nothing() {
        for shown in ALL {
            let (_, page) = parts(shown);
            for word in ["http", "//", "script", " style=", "url(", "@import", "src="] {
                assert!(!page.contains(word), "{shown:?} has {word}");
            }
        }
    }

    #[test]
    fn files_are_small() {
        assert!(include_str!("page.html").len() + include_str!("page.css").len() <= 4096);
    }

    #[test]
    fn markup_in_an_error_stays_text() {
        let breakout = "</code></blockquote><script>alert('1')</script>";
        for page in [
            Page::Failed { error: breakout, description: None },
            Page::Failed { error: "a", description: Some(breakout) },
        ] {
            let (_, page) = parts(page);
            let quote = between(&page, "<blockquote>", "</blockquote>");
            let escaped = "&lt;/code&gt;&lt;/blockquote&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;";
            assert!(quote.contains(escaped), "{quote}");
            assert_eq!(quote.matches('<').count(), 2, "{quote}");
        }
    }

    #[test]
    fn text_of_strangers_is_escaped_and_shortened() {
        for (text, shown) in [
            ("", ""),
            ("server_error", "server_error"),
            ("&lt;", "&amp;lt;"),
            ("\"a\" 'b'", "&quot;a&quot; &#39;b&#39;"),
            ("{next}{}", "{next}{}"),
            ("a\r\nb\u{0}", r"a\u{d}\u{a}b\u{0}"),
            ("a\u{202e}b\u{2066}", r"a\u{202e}b\u{2066}"),
            ("123456789012", "123456789012"),
            ("1234567890123", "123456789012…"),
            ("ééééééééééééé", "éééééééééééé…"),
            ("&&&&&&&&&&&&&", "&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;…"),
        ] {
            assert_eq!(echo(text, 12), shown, "{text:?}");
        }
    }
}
