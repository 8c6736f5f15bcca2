#!/usr/bin/env python3
"""Opens the report in a headless Chromium: with scripts and without, light, dark, on a phone, in print, by keyboard.

usage: run.py --page PROGRAM [--program ASSAY --review FOLDER] [--keep FOLDER]

--page writes the report of an invented review with hostile names; --program and --review build a real one as well.
Needs Debian's chromium; without it: exit code 77, which ctest counts as skipped.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

import chromium

HERE = os.path.dirname(os.path.abspath(__file__))
failures = []
checks = 0


def check(what, truth, detail=""):
    global checks
    checks += 1
    if not truth:
        failures.append(what + (": " + str(detail) if detail != "" else ""))


def audit(browser, state):
    with open(os.path.join(HERE, "audit.js"), encoding="utf-8") as file:
        found = browser.run(file.read())
    check("accessibility, " + state, not found, "\n    " + "\n    ".join(found[:12]) + ("\n    ..." if len(found) > 12 else ""))


def opened(browser, url, state):
    browser.open(url)
    check("console, " + state, not browser.complaints(), browser.complaints()[:3])
    check("network, " + state, not browser.requests(), browser.requests()[:3])


def figures(browser, state):
    found = browser.run("""Array.from(document.querySelectorAll('svg[role=img]')).filter(s => s.checkVisibility())
        .map(s => { const b = s.getBoundingClientRect(); return [b.width, b.height, s.querySelectorAll('text').length]; })""")
    check("figures, " + state, found)
    for width, height, texts in found or []:
        check("a figure is empty, " + state, width > 200 and height > 100 and texts > 3, (width, height, texts))
    return len(found or [])


def no_overflow(browser, state):
    width = browser.run("[document.documentElement.scrollWidth, window.innerWidth]")
    check("the page scrolls sideways, " + state, width[0] <= width[1], width)


def estimates_in_view(browser, state):
    outside = browser.run("""Array.from(document.querySelectorAll('svg.fig text')).filter(t => t.checkVisibility())
        .filter(t => { const b = t.getBoundingClientRect(); return b.left < -1 || b.right > innerWidth + 1; })
        .map(t => t.textContent).slice(0, 5)""")
    check("text of a figure outside of the screen, " + state, not outside, outside)


def crossing(browser, state):
    """Texts of one figure row must not run into one another."""
    found = browser.run("""(() => { const out = [];
        for (const row of document.querySelectorAll('svg.fig g.row')) {
          if (!row.checkVisibility()) continue;
          const boxes = Array.from(row.querySelectorAll('text')).map(t => t.getBoundingClientRect());
          for (let i = 0; i < boxes.length; ++i) for (let j = 0; j < i; ++j)
            if (boxes[i].left < boxes[j].right - 1 && boxes[j].left < boxes[i].right - 1
                && boxes[i].top < boxes[j].bottom - 4 && boxes[j].top < boxes[i].bottom - 4) out.push(row.textContent);
        } return out.slice(0, 5); })()""")
    check("texts of a row overlap, " + state, not found, found)


def without_scripts(browser, url):
    browser.scripts(False)
    browser.size(1280)
    browser.media("", "light")
    opened(browser, url, "scripts off")
    browser.scripts(True)  # only so that the page can be asked; its own code has not run
    check("scripts were off", browser.run("document.getElementById('drawer') === null"))
    text = browser.run("document.querySelector('main').innerText.length")
    check("text without scripts", text > 2000, text)
    figures(browser, "scripts off")
    audit(browser, "scripts off")
    lost = browser.run("""Array.from(document.querySelectorAll('a.n, svg.hits a')).filter(a => {
        const id = decodeURIComponent(a.getAttribute('href').slice(1)); return !document.getElementById(id); }).length""")
    check("numbers lead to their rows without scripts", lost == 0, lost)
    closed = browser.run("""Array.from(document.querySelectorAll('section#rows, section#provenance, section#sources'))
        .filter(s => s.closest('details')).length""")
    check("rows and sources are not hidden in details", closed == 0)


def looks(browser, url):
    for state, width, scheme in (("light", 1280, "light"), ("dark", 1280, "dark"), ("phone", 360, "light"),
                                 ("phone, dark", 360, "dark"), ("tablet", 820, "light")):
        browser.size(width)
        browser.media("", scheme)
        opened(browser, url, state)
        browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        figures(browser, state)
        no_overflow(browser, state)
        estimates_in_view(browser, state)
        crossing(browser, state)
        audit(browser, state)
        dark = browser.run("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 128")
        check("background, " + state, dark == (scheme == "dark"))


def printed(browser, url):
    browser.size(1280)
    browser.media("print", "dark")
    opened(browser, url, "print")
    check("print is light", browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)")
    hidden = browser.run("""Array.from(document.querySelectorAll('main details')).filter(d =>
        d.children.length > 1 && d.children[1].getBoundingClientRect().height === 0).length""")
    check("details are open in print", hidden == 0, hidden)
    browser.media("", "light")
    pdf = browser.pdf()
    check("print to PDF", pdf.startswith(b"%PDF") and len(pdf) > 20000, len(pdf))
    return pdf


def by_hand(browser, url):
    """Keyboard and mouse: rows of a figure, the drawer, the filter, sorting, the theme."""
    browser.size(1280)
    browser.media("", "light")
    opened(browser, url, "by hand")
    rows = browser.run("document.querySelectorAll('.canvas.wide svg.hits')[0].querySelectorAll('a').length")
    browser.run("document.querySelector('.canvas.wide svg.hits a').focus()")
    focused = "document.activeElement.getAttribute('aria-label')"
    first = browser.run(focused)
    if rows > 1:
        browser.key("ArrowDown", 40)
        check("arrow keys move between studies", browser.run(focused) != first, first)
        browser.key("ArrowUp", 38)
    check("arrow up returns", browser.run(focused) == first)
    browser.key("Enter", 13, "\r")
    check("Enter opens the drawer", browser.run("document.getElementById('drawer').hidden") is False)
    check("the drawer tells something", browser.run("document.getElementById('drawer').innerText.length") > 40)
    audit(browser, "drawer open")
    browser.key("Escape", 27)
    check("Escape closes the drawer", browser.run("document.getElementById('drawer').hidden") is True)
    check("focus returns", browser.run(focused) == first)
    browser.run("document.querySelector('a.n[href^=\"#a-\"]').click()")
    check("a click on a pooled number opens the drawer", browser.run("document.getElementById('drawer').hidden") is False)
    browser.key("Escape", 27)

    questions = browser.run("document.querySelectorAll('.overview tr.q').length")
    browser.run("""(() => { const f = document.querySelector('input[type=search]'); f.value = 'zzzz';
        f.dispatchEvent(new Event('input')); })()""")
    left = "Array.from(document.querySelectorAll('.overview tr.q')).filter(r => r.checkVisibility()).length"
    check("the filter hides questions", browser.run(left) == 0)
    check("the filter is kept in the address", "f=zzzz" in browser.run("location.hash"))
    browser.run("""(() => { const f = document.querySelector('input[type=search]'); f.value = '';
        f.dispatchEvent(new Event('input')); })()""")
    check("an empty filter shows all", browser.run(left) == questions)

    chosen = browser.run("""(() => { const s = document.querySelector('.sorter select'); if (!s) return null;
        s.value = 'effect'; s.dispatchEvent(new Event('change'));
        const rows = Array.from(s.closest('figure').querySelectorAll('.canvas.wide g.row'));
        const groups = new Map();
        for (const row of rows) { const key = row.previousElementSibling?.matches('g.row') ? 'same' : 'new';
          if (key === 'new') groups.set(groups.size, []);
          groups.get(groups.size - 1).push([row.getBoundingClientRect().top, Number(row.dataset.at)]); }
        return Array.from(groups.values()).map(g => g.sort((a, b) => a[0] - b[0]).map(r => r[1])); })()""")
    for group in chosen or []:
        check("studies sorted by effect", group == sorted(group), group)
    ordered = browser.run("""(() => { const t = document.querySelector('table.sortable'); t.closest('details') && (t.closest('details').open = true);
        const b = t.querySelector('thead button'); b.click();
        return [t.querySelector('thead th').getAttribute('aria-sort'),
                Array.from(t.querySelectorAll('tbody tr:not(.pool) > :first-child')).map(c => c.textContent.toLowerCase())]; })()""")
    check("a table sorts and says so", ordered[0] == "ascending", ordered[0])

    browser.run("Array.from(document.querySelectorAll('#tools button')).find(b => b.textContent.startsWith('Theme')).click()")
    browser.run("Array.from(document.querySelectorAll('#tools button')).find(b => b.textContent.startsWith('Theme')).click()")
    check("the theme switch reaches dark", browser.run("document.documentElement.dataset.theme") == "dark")
    audit(browser, "dark by switch")
    browser.run("localStorage.clear()")
    check("console, after all that", not browser.complaints(), browser.complaints()[:3])
    check("network, after all that", not browser.requests(), browser.requests()[:3])


def hostile(browser, url):
    browser.size(1280)
    opened(browser, url, "hostile names")
    check("no image came in", browser.run("document.querySelectorAll('img').length") == 0)
    check("no script came in", browser.run("document.scripts.length") == 2)
    check("the name is text", "</script><script>alert(1)" in browser.run("document.querySelector('main').innerText"))
    check("no link runs code", browser.run("document.querySelectorAll('a[href^=\"javascript\"]').length") == 0)


def look_at(browser, folder, keep, name):
    url = "file://" + urllib.parse.quote(os.path.join(folder, "index.html"))
    size = os.path.getsize(os.path.join(folder, "index.html"))
    with open(os.path.join(folder, "results.json"), encoding="utf-8") as file:
        analyses = json.load(file)["analyses"]
    without_scripts(browser, url)
    drawn = sum(1 for one in analyses if one["studies"])
    browser.size(1280)
    browser.open(url)
    forests = browser.run("document.querySelectorAll('figure.forest').length")
    check("a forest plot for each analysis with studies", forests == drawn, (forests, drawn))
    looks(browser, url)
    pdf = printed(browser, url)
    by_hand(browser, url)
    if keep:
        with open(os.path.join(keep, name + ".pdf"), "wb") as file:
            file.write(pdf)
    print("%s: %d kB, %d forest plots, PDF %d kB" % (name, size // 1024, forests, len(pdf) // 1024))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--page", required=True)
    parser.add_argument("--program")
    parser.add_argument("--review")
    parser.add_argument("--keep", help="folder for the PDFs")
    options = parser.parse_args()
    if not chromium.program():
        print("skipped: no chromium")
        return 77
    folder = tempfile.mkdtemp(prefix="assay-report-")
    try:
        subprocess.run([options.page, folder], check=True)
        with chromium.Browser() as browser:
            look_at(browser, folder, options.keep, "invented")
            hostile(browser, "file://" + folder + "/index.html")
        if options.program and options.review and os.path.isdir(options.review):
            real = os.path.join(folder, "real")
            subprocess.run([options.program, "report", options.review, "--out", real], check=True, stdout=subprocess.DEVNULL)
            with chromium.Browser() as browser:
                look_at(browser, real, options.keep, "review")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for failure in failures:
        print("FAILED " + failure)
    print("%d checks, %d failed" % (checks, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
