// The cases of the report: a filtered list, failures first, each case drawn when it is opened. The data are the page's own
// JSON. Everything is made of text nodes and elements; the page's policy refuses markup made of strings.
// `root` holds one report: the body of its own page, or an element of another page. `hash`, if given, is of an address whose case
// is opened at once. Returns what ends it: another report may come to stand in the same elements.
function showReport(root, hash) {
  "use strict";
  const PAGE = 100; // cases listed at a time
  const SHORTEST = 12; // letters of a gold quote that a passage's edge must hold to be marked
  const GOLD = { span: "gold passage", strict: "gold article, holds an answer", article: "gold article" };
  const STATUS = { verified: "as written", normalised: "other typography", altered: "altered", misplaced: "of another article", absent: "nowhere in the articles" };
  const data = JSON.parse(root.querySelector("#data").textContent);
  const stages = Object.keys(data.stages);
  const form = root.querySelector("form.filters");
  const list = root.querySelector("#list");
  const more = root.querySelector("#more");
  const life = new AbortController();
  const on = (target, event, listener) => target.addEventListener(event, listener, { signal: life.signal });
  let found = [];
  let shown = 0;

  // ── elements ─────────────────────────────────────────────────────────────────────────────────────────────────────
  function make(tag, className, ...children) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  }
  const titled = (title, ...children) => (children.some((child) => child !== null) ? make("section", "", make("h4", "", title), ...children) : null);
  const percent = (share) => (typeof share === "number" ? `${(100 * share).toFixed(1)}\u00a0%` : "unknown");
  const seconds = (time) => `${time.toFixed(time < 1 ? 3 : time < 10 ? 2 : 1)}\u00a0s`;
  const words = (label) => String(label ?? "none").replaceAll("_", " ");
  const digits = (score) => (Array.isArray(score) ? score.map(digits).join(", ") : typeof score === "number" ? String(+score.toFixed(3)) : String(score));

  // ── places in texts ──────────────────────────────────────────────────────────────────────────────────────────────
  // The document counts code points, JavaScript counts UTF-16 units.
  function unit(text, point) {
    if (!/[\ud800-\udfff]/.test(text.slice(0, 2 * point))) return point;
    let at = 0;
    for (let n = 0; n < point && at < text.length; n += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  }

  // Case and typography aside, each character keeps its place.
  function fold(text) {
    const plain = text.replace(/[‘’‚‛′]/g, "'").replace(/[“”„‟″«»]/g, '"').replace(/[‐‑‒–—―−]/g, "-").replace(/\s/g, " ");
    const lower = plain.toLowerCase();
    return lower.length === plain.length ? lower : plain;
  }

  function places(text, wanted, whole) {
    const ranges = [];
    const letter = /[\p{L}\p{N}]/u;
    for (let at = wanted ? text.indexOf(wanted) : -1; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      const end = at + wanted.length;
      const inside = whole && (letter.test(text[at - 1] ?? "") || letter.test(text[end] ?? ""));
      if (!inside) ranges.push([at, end]);
    }
    return ranges;
  }

  // A quote wholly inside the passage, or as much of it as the passage's edge has.
  function quotePlaces(text, quote) {
    const inside = places(text, quote, false);
    if (inside.length) return inside;
    for (let size = Math.min(quote.length, text.length) - 1; size >= SHORTEST; size -= 1) {
      if (text.endsWith(quote.slice(0, size))) return [[text.length - size, text.length]];
      if (text.startsWith(quote.slice(-size))) return [[0, size]];
    }
    return text.length >= SHORTEST && quote.includes(text) ? [[0, text.length]] : [];
  }

  function merged(ranges) {
    const result = [];
    for (const [start, end] of [...ranges].sort((one, two) => one[0] - two[0])) {
      const last = result[result.length - 1];
      if (last && start < last[1]) last[1] = Math.max(last[1], end);
      else result.push([start, end]);
    }
    return result;
  }

  // The text in pieces at the ranges' ends; `wrap` makes a node of a piece and the names of the ranges that cover it.
  function pieces(text, from, to, named, wrap) {
    const cuts = new Set([from, to]);
    for (const [start, end] of named) for (const at of [start, end]) if (at > from && at < to) cuts.add(at);
    const ends = [...cuts].sort((one, two) => one - two);
    return ends.slice(1).map((end, at) => {
      const start = ends[at];
      const names = named.filter((range) => range[0] <= start && range[1] >= end).map((range) => range[2]);
      return names.length ? wrap(text.slice(start, end), names) : text.slice(start, end);
    });
  }

  // ── passages ─────────────────────────────────────────────────────────────────────────────────────────────────────
  function passageText(item, hit, passage, article) {
    const [, start, end, text] = passage;
    const folded = fold(text);
    const own = (span) => hit[2] === "span" || span.article === article[1] || span.article === article[0];
    const gold = merged(item.gold.spans.filter(own).flatMap((span) => quotePlaces(folded, fold(span.quote).trim())));
    const named = item.gold.answers.flatMap((answer) => places(folded, fold(answer).trim(), true).map((range) => [...range, "answer"]));
    for (const citation of item.citations) {
      if (data.articles[citation.article][0] !== article[0] || citation.start >= end || citation.end <= start) continue;
      named.push([unit(text, Math.max(0, citation.start - start)), unit(text, Math.min(end, citation.end) - start), "cited"]);
    }
    const wrap = (piece, names) => make(names.includes("answer") ? "mark" : "span", [...new Set(names)].join(" "), piece);
    const box = make("p", "text");
    let at = 0;
    for (const [from, to] of gold) {
      box.append(...pieces(text, at, from, named, wrap), make("mark", "gold", ...pieces(text, from, to, named, wrap)));
      at = to;
    }
    box.append(...pieces(text, at, text.length, named, wrap));
    return box;
  }

  const source = (article) => [article[2] || article[1] || "Untitled", article[3] || "publisher unknown", article[4] || "date unknown"];

  function drawHit(item, hit) {
    const passage = data.passages[hit[1]];
    const article = data.articles[passage[0]];
    const [title, publisher, day] = source(article);
    const parts = Object.entries(hit[4]).map(([name, value]) => `${name} ${digits(value)}`);
    const score = hit[3] === null ? "" : `score ${digits(hit[3])}${parts.length ? ` (${parts.join(", ")})` : ""}`;
    const cited = item.citations.filter((citation) => data.articles[citation.article][0] === article[0] && citation.start < passage[2] && citation.end > passage[1]);
    const badges = [hit[2] ? make("span", "badge gold", GOLD[hit[2]] ?? hit[2]) : null, cited.length ? make("span", "badge", `cited ${cited.map((c) => `[${c.marker}]`).join(" ")}`) : null];
    const head = make("div", "hit-head", make("span", "rank", String(hit[0])), make("span", "title", title), ...badges);
    return make("li", hit[2] ? "hit gold" : "hit", head, make("p", "source", `${publisher}, ${day}${score ? ` · ${score}` : ""}`), passageText(item, hit, passage, article));
  }

  function drawHits(item) {
    if (!item.hits.length) return titled("Passages", make("p", "none", "No passages."));
    const first = item.answerable === false ? "" : item.hit_rank ? `First right one at rank ${item.hit_rank}.` : "No right one among them.";
    return titled(`Passages, best first`, first ? make("p", "soft", first) : null, make("ol", "hits", ...item.hits.map((hit) => drawHit(item, hit))));
  }

  // ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────
  function drawAnswer(item) {
    if (item.answer === null && item.abstained === null) return null;
    const text = item.answer ?? "";
    const named = item.citations.map((citation) => [unit(text, citation.answer_start), unit(text, citation.answer_end), citation.marker]);
    const wrap = (piece, markers) => {
      const mark = make("mark", "said", piece);
      mark.title = `Citation ${markers.join(", ")}`;
      return mark;
    };
    return titled(
      "Answer",
      item.abstained === null ? null : make("p", "abstained", `Abstained: ${item.abstained}`),
      text ? make("p", "answer", ...pieces(text, 0, text.length, named, wrap)) : null,
      item.note ? make("p", "soft", item.note) : null,
    );
  }

  function drawCitation(citation) {
    const [title, publisher, day] = source(data.articles[citation.article]);
    const status = STATUS[citation.status] ?? citation.status;
    const zone = citation.zone && citation.zone !== "body" ? ` · ${citation.zone}` : "";
    const quote = make("blockquote", "", citation.quote);
    return make("li", "", make("span", "rank", `[${citation.marker}]`), quote, make("p", "source", `${title} · ${publisher}, ${day} · ${status}${zone}`), citation.note ? make("p", "fault", citation.note) : null);
  }

  const drawCitations = (title, citations, kind) => (citations.length ? titled(title, make("ul", `citations ${kind}`, ...citations.map(drawCitation))) : null);

  function drawChoices(item) {
    if (!item.choices.length) return null;
    const taken = item.choice?.index;
    const rows = item.choices.map((text, at) => {
      const badges = [item.gold.choices.includes(at) ? make("span", "badge gold", "right") : null, item.choice && taken === at ? make("span", "badge", "taken") : null];
      return make("li", "", text, " ", ...badges);
    });
    const none = item.choice && taken === null ? make("p", "", "It took none of them.") : null;
    const sure = item.choice ? make("p", "soft", `Confidence ${percent(item.choice.confidence)}`) : null;
    return titled("Choices", make("ul", "plain", ...rows), none, sure);
  }

  function drawVerdict(item) {
    const verdict = item.verdict;
    if (!verdict) return null;
    const odds = `supported ${percent(verdict.supported)}, refuted ${percent(verdict.refuted)}`;
    return titled("Verdict", make("p", "", make("b", "", words(verdict.label)), ` (${odds})`), verdict.why ? make("p", "soft", verdict.why) : null);
  }

  function drawGold(item) {
    const gold = item.gold;
    const label = gold.label ? make("p", "", make("b", "", words(gold.label))) : null;
    const answers = gold.answers.length ? make("ul", "plain", ...gold.answers.map((answer) => make("li", "", answer))) : null;
    const quotes = gold.spans.map(drawQuote);
    const bare = gold.spans.length || !gold.article_ids.length ? null : make("p", "soft", `Gold articles: ${gold.article_ids.join(", ")}`);
    const empty = item.answerable === false ? make("p", "", "The articles do not answer this; abstaining is right.") : null;
    return titled("Gold", empty, label, answers, ...quotes, bare);
  }

  // Words that a reader has marked as not the ones to cite; reports of earlier versions know none.
  function drawWrong(item) {
    const spans = item.gold.wrong_spans ?? [];
    return spans.length ? titled("Not to be cited", ...spans.map(drawQuote)) : null;
  }

  function drawQuote(span) {
    return make("figure", "quote", make("blockquote", "", span.quote), make("figcaption", "source", span.article));
  }

  function drawOutcome(entry) {
    const item = entry.item;
    const why = item.lost_at ? `Lost at “${item.lost_at}”. ${data.stages[item.lost_at] ?? ""}` : item.right ? "Right." : item.right === false ? "Wrong." : "Nothing to compare with: not judged.";
    const facts = [item.date ? `asked as of ${item.date}` : "asked without a date", `set ${item.set}`, ...item.tags.map((tag) => `tag ${tag}`)];
    if (typeof item.confidence === "number") facts.push(`confidence ${percent(item.confidence)}`);
    const others = data.runs.flatMap((run, at) => (at === entry.run ? [] : run.cases.flatMap((other, row) => (other.id === item.id && other.set === item.set ? [[at, run.rows[row], other]] : []))));
    const links = others.map(([run, row, other]) => {
      const link = make("a", "", data.runs[run].name);
      link.href = `#case-${run}-${row}`;
      return make("li", "", link, `: ${outcomeWord(other)}${other.lost_at ? `, ${other.lost_at}` : ""}`);
    });
    return [
      make("p", `verdict-line ${kindOf(item)}`, why),
      item.error ? make("p", "fault", item.error) : null,
      make("p", "soft", facts.join(" · ")),
      links.length ? titled("In the other runs", make("ul", "plain", ...links)) : null,
    ];
  }

  function drawNumbers(item) {
    const rows = [
      ...Object.entries(item.scores ?? {}).map(([name, score]) => [name, digits(score)]),
      ...Object.entries(item.seconds ?? {}).map(([name, time]) => [name, seconds(time)]),
      ...Object.entries(item.usage ?? {}).filter(([, count]) => count).map(([name, count]) => [words(name), String(count)]),
    ];
    if (!rows.length) return null;
    const cells = rows.map(([name, value]) => {
      const head = make("th", "", name);
      head.scope = "row";
      return make("tr", "", head, make("td", "num", value));
    });
    return make("details", "numbers", make("summary", "", "Scores and times"), make("table", "", make("tbody", "", ...cells)));
  }

  function drawCase(entry) {
    const item = entry.item;
    const left = make("div", "left", ...drawOutcome(entry), drawGold(item), drawWrong(item), drawChoices(item), drawVerdict(item), drawAnswer(item), drawCitations("Citations", item.citations, ""), drawCitations("Rejected citations", item.rejected, "rejected"), drawNumbers(item));
    return make("div", "body", left, make("div", "right", drawHits(item)));
  }

  // ── the list ─────────────────────────────────────────────────────────────────────────────────────────────────────
  const kindOf = (item) => (item.error ? "error" : item.right === true ? "right" : item.right === false ? "wrong" : "none");
  const outcomeWord = (item) => ({ error: "error", right: "right", wrong: "wrong", none: "not judged" })[kindOf(item)];

  function order(item) {
    const kind = kindOf(item);
    if (kind === "error") return -1;
    if (kind === "wrong") return item.lost_at && stages.includes(item.lost_at) ? stages.indexOf(item.lost_at) : stages.length;
    return kind === "none" ? stages.length + 1 : stages.length + 2;
  }

  const entries = data.runs.flatMap((run, at) => run.cases.map((item, index) => ({ run: at, row: run.rows[index], item, key: `case-${at}-${run.rows[index]}`, text: null })));
  entries.sort((one, two) => one.run - two.run || order(one.item) - order(two.item) || one.row - two.row);

  function searched(entry) {
    const item = entry.item;
    entry.text ??= fold([item.id, item.question, item.claim, item.answer, item.error, ...item.gold.answers, ...[...item.gold.spans, ...(item.gold.wrong_spans ?? [])].map((span) => span.quote), ...item.citations.map((citation) => citation.quote)].filter(Boolean).join("\n"));
    return entry.text;
  }

  const wanted = (name) => form.elements[name]?.value ?? "";

  function matches(entry, filter) {
    const item = entry.item;
    const kind = kindOf(item) === "error" ? "wrong" : kindOf(item);
    return (
      (filter.run === "" || String(entry.run) === filter.run) &&
      (filter.outcome === "" || kind === filter.outcome) &&
      (filter.stage === "" || item.lost_at === filter.stage) &&
      (filter.set === "" || item.set === filter.set) &&
      (filter.tag === "" || item.tags.includes(filter.tag)) &&
      (filter.text === "" || filter.text.split(" ").every((word) => searched(entry).includes(word)))
    );
  }

  function drawEntry(entry) {
    const item = entry.item;
    const details = make("details", kindOf(item));
    details.id = entry.key;
    const many = data.runs.length > 1 && wanted("run") === "";
    const state = make("span", `state ${kindOf(item)}`, outcomeWord(item));
    const about = [item.lost_at && item.lost_at !== "error" ? item.lost_at : "", item.hit_rank ? `right passage at ${item.hit_rank}` : "", many ? data.runs[entry.run].name : ""].filter(Boolean);
    details.append(make("summary", "", state, make("span", "id", item.id), make("span", "question", item.question || item.claim), make("span", "about", about.join(" · "))));
    on(details, "toggle", () => details.open && fill(details, entry));
    return make("li", "", details);
  }

  function fill(details, entry) {
    if (!details.querySelector(".body")) details.append(drawCase(entry));
  }

  function drawMore() {
    const next = found.slice(shown, shown + PAGE);
    list.append(...next.map(drawEntry));
    shown += next.length;
    more.hidden = shown >= found.length;
    more.textContent = `Show ${Math.min(PAGE, found.length - shown)} more`;
  }

  function drawList() {
    const filter = Object.fromEntries(["run", "outcome", "stage", "set", "tag", "text"].map((name) => [name, wanted(name)]));
    filter.text = fold(filter.text).trim().replace(/ +/g, " ");
    found = entries.filter((entry) => matches(entry, filter));
    const all = filter.run === "" ? entries.length : data.runs[filter.run].cases.length;
    const wrong = found.filter((entry) => ["wrong", "error"].includes(kindOf(entry.item))).length;
    root.querySelector("#shown").textContent = found.length ? `${found.length} of ${all} cases, ${wrong} of them wrong or failed` : "No case is like this.";
    list.replaceChildren();
    shown = 0;
    drawMore();
  }

  // Sets the filters that are named and takes the others away.
  function setFilters(values) {
    for (const control of form.elements) if (control.name) control.value = values[control.name] ?? "";
    drawList();
  }

  // Opens the case that an address names, whatever the filters hide.
  function follow(address) {
    const entry = entries.find((one) => `#${one.key}` === address);
    if (!entry) return;
    if (!found.includes(entry)) setFilters({ run: String(entry.run) });
    while (shown <= found.indexOf(entry)) drawMore();
    const details = document.getElementById(entry.key);
    fill(details, entry);
    details.open = true;
    details.scrollIntoView({ block: "start" });
    details.querySelector("summary").focus({ preventScroll: true });
  }

  // A table that is wider than its room can be reached, and so scrolled, by key.
  const widths = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of root.querySelectorAll(".wide")) widths.observe(box);

  on(form, "input", drawList);
  on(form, "submit", (event) => event.preventDefault());
  on(form.querySelector("button"), "click", () => setFilters({ run: wanted("run") }));
  on(more, "click", () => {
    const first = shown;
    drawMore();
    list.children[first]?.querySelector("summary").focus();
  });
  on(root, "click", (event) => {
    const link = event.target.closest("a");
    if (link?.dataset.stage) setFilters({ run: wanted("run"), stage: link.dataset.stage });
    else if (link?.hash && link.hash === location.hash) setTimeout(follow, 0, link.hash); // no hashchange will tell of it
  });
  on(window, "hashchange", () => follow(location.hash));
  drawList();
  follow(hash);
  return () => {
    life.abort();
    widths.disconnect();
  };
}
