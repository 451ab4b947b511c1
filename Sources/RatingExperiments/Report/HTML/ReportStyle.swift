/// The style sheet of a report: light and dark, wide and narrow, on screen and on paper. It loads nothing.
enum ReportStyle {
  static let css = """
    :root {
      color-scheme: light dark;
      --page: #fbfbf9; --card: #ffffff; --ink: #1b1d21; --soft: #565b64; --rule: #d9dbdd; --faint: #eceded;
      --accent: #0b5c9e; --column: #e3e8ee; --other: #9aa0a8;
      --c0: #0b62a8; --c1: #c2480a; --c2: #12774a; --c3: #8437a6; --c4: #8a6400; --c5: #b01e5f;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14161a; --card: #1b1e23; --ink: #e7e8ea; --soft: #a9aeb7; --rule: #3a3f47; --faint: #282c32;
        --accent: #7cbcf2; --column: #2b323b; --other: #7c838d;
        --c0: #6db5f0; --c1: #ff9a62; --c2: #5fd09a; --c3: #cf9cec; --c4: #e2bd4e; --c5: #f78fbb;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "DejaVu Sans", sans-serif;
    }
    main, header, footer { max-width: 66rem; margin: 0 auto; padding: 0 1.25rem; }
    header { padding-top: 2.5rem; }
    footer { padding-bottom: 3rem; color: var(--soft); font-size: .875rem; }
    h1, h2, h3 { line-height: 1.2; font-weight: 650; text-wrap: balance; overflow-wrap: anywhere; }
    h1 { font-size: 2rem; margin: 0 0 .5rem; letter-spacing: -.01em; }
    h2 { font-size: 1.4rem; margin: 3rem 0 .5rem; padding-top: 1.25rem; border-top: 2px solid var(--ink); }
    h3 { font-size: 1.05rem; margin: 2.25rem 0 .5rem; }
    p { max-width: 44rem; margin: .5rem 0; overflow-wrap: anywhere; }
    .lead { font-size: 1.1rem; }
    .note, figcaption, .protocol { color: var(--soft); font-size: .875rem; line-height: 1.5; }
    figcaption { margin-top: .5rem; max-width: 48rem; overflow-wrap: anywhere; }
    figcaption b { color: var(--ink); font-weight: 600; }
    figure { margin: 1rem 0 0; padding: 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: 6px; }
    .facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; padding: 0; list-style: none; }
    .facts span { display: block; color: var(--soft); font-size: .8125rem; }
    .facts b { font-size: 1.15rem; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1.5rem 2rem; }
    .panels > div { min-width: 0; }
    .panels h4 { font-size: .875rem; font-weight: 600; margin: .25rem 0 .5rem; }
    .where { display: block; margin-top: .25rem; }
    svg { display: block; width: 100%; height: auto; overflow: visible; }
    .narrow { display: none; }
    .scroll { overflow-x: auto; margin: .5rem 0; }
    .scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--soft); font-size: .8125rem; padding-bottom: .25rem; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    th, td { padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--faint); }
    th { font-weight: 600; }
    thead th { color: var(--soft); border-bottom: 1px solid var(--rule); font-weight: 500; white-space: nowrap; vertical-align: bottom; }
    td.n, th.n { text-align: right; white-space: nowrap; padding-left: .6rem; }
    tbody th { font-weight: 500; white-space: nowrap; }
    tr.best th, tr.best td { font-weight: 680; }
    td.wide { min-width: 24rem; overflow-wrap: anywhere; }
    details { margin-top: .75rem; font-size: .875rem; }
    summary { cursor: pointer; color: var(--accent); }
    .legend { display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; list-style: none; margin: .5rem 0 0; padding: 0; font-size: .875rem; }
    .legend li { display: flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; min-width: 0; }
    .legend svg { width: 1.7rem; flex: none; }
    dl.protocol { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1.25rem; margin: .75rem 0; }
    dl.protocol dt { font-weight: 600; color: var(--ink); }
    dl.protocol dd { margin: 0; overflow-wrap: anywhere; }
    svg text { font-family: inherit; fill: var(--ink); }
    .tick, .axis-name { font-size: 12px; }
    svg .tick, svg .axis-name { fill: var(--soft); }
    .label, .number { font-size: 13px; }
    svg .label { paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; }
    .number { font-variant-numeric: tabular-nums; }
    .letter { font-size: 13px; }
    svg .letter { fill: var(--soft); }
    svg .letter.first { fill: var(--accent); font-weight: 700; }
    .grid { stroke: var(--faint); stroke-width: 1; }
    .axis { stroke: var(--soft); stroke-width: 1; }
    .diagonal { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
    .column { fill: var(--column); }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .line.other { stroke: var(--other); stroke-width: 1.1; opacity: .55; }
    .whisker { stroke-width: 2; }
    .whisker.other { stroke: var(--other); }
    .mark { stroke: var(--card); stroke-width: 1.2; }
    .mark.other { fill: var(--other); }
    .frontier { fill: none; stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 4; }
    .bracket { stroke: var(--soft); stroke-width: 3; stroke-linecap: round; }
    .bracket.first { stroke: var(--accent); stroke-width: 4; }
    .s0 { stroke: var(--c0); } .s1 { stroke: var(--c1); } .s2 { stroke: var(--c2); }
    .s3 { stroke: var(--c3); } .s4 { stroke: var(--c4); } .s5 { stroke: var(--c5); }
    .f0 { fill: var(--c0); } .f1 { fill: var(--c1); } .f2 { fill: var(--c2); }
    .f3 { fill: var(--c3); } .f4 { fill: var(--c4); } .f5 { fill: var(--c5); }
    .d1 { stroke-dasharray: 7 4; } .d3 { stroke-dasharray: 2 4; } .d4 { stroke-dasharray: 10 3 2 3; } .d5 { stroke-dasharray: 5 3; }
    @media (max-width: 44rem) {
      header { padding-top: 1.5rem; }
      h1 { font-size: 1.55rem; }
      figure { padding: .75rem .6rem; margin-left: -.5rem; margin-right: -.5rem; }
      .panels { grid-template-columns: 1fr; }
      .wide-plot { display: none; }
      .narrow { display: block; }
      dl.protocol { grid-template-columns: 1fr; gap: 0; }
      dl.protocol dd { margin-bottom: .5rem; }
    }
    @media print {
      body { background: #fff; font-size: 10pt; }
      figure, table { break-inside: avoid; }
      details > summary { list-style: none; }
    }
    """
}
