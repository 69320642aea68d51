// SPDX-License-Identifier: MIT
//
// theme.c - see theme.h.
#include "driver/page/theme.h"

#define COLOURS_LIGHT                                                                    \
    "color-scheme:light dark;--paper:#fff;--ink:#1b1b1f;--soft:#54565c;--rule:#d7d9de;"  \
    "--wash:#f4f5f7;--link:#0b57a4;--alarm:#a8320a;"                                     \
    "--k0:#0072b2;--k1:#d55e00;--k2:#00805d;--k3:#b9629a;--k4:#b17500;--k5:#2c88bd;"     \
    "--k6:#8a7f00;--k7:#3c3c40"
#define COLOURS_DARK                                                                     \
    "--paper:#16181c;--ink:#e8e9ec;--soft:#a9adb6;--rule:#3a3e46;--wash:#1f2227;"        \
    "--link:#7fbcf0;--alarm:#ff9d73;"                                                    \
    "--k0:#3d9ad8;--k1:#f07f2e;--k2:#10b184;--k3:#de93bd;--k4:#e69f00;--k5:#56b4e9;"     \
    "--k6:#f0e442;--k7:#d0d2d8"

static const char colours[] =
    ":root{" COLOURS_LIGHT "}\n"
    "@media(prefers-color-scheme:dark){:root{" COLOURS_DARK "}}\n"
    "@media print{:root{" COLOURS_LIGHT "}}\n";

static const char plot[] =
    "svg{font:13px system-ui,'DejaVu Sans',sans-serif}\n"
    "svg text{fill:var(--ink)}svg .tick,svg .note{fill:var(--soft);font-size:11.5px}\n"
    "svg .head{fill:var(--soft);font-size:12px}\n"
    "svg .name{paint-order:stroke;stroke:var(--paper);stroke-width:4px}svg "
    ".alarm{fill:var(--alarm);font-size:12px}\n"
    ".grid{stroke:var(--rule);fill:none}.frame{stroke:var(--soft);fill:none}\n"
    ".one{stroke:var(--ink);stroke-dasharray:4 3;fill:none}\n"
    ".limit{stroke:var(--alarm);stroke-width:2;fill:none}\n"
    ".floor{fill:var(--soft);fill-opacity:.16}\n"
    ".disturbed{fill:var(--alarm);fill-opacity:.16}\n"
    ".bar{fill:var(--soft);fill-opacity:.55}\n"
    ".part{stroke:var(--soft);stroke-opacity:.55;stroke-width:8}"
    ".groove{stroke:var(--wash);stroke-width:8}\n"
    "use{fill:var(--k);stroke:var(--paper)}\n"
    ".hollow{fill:var(--paper);stroke:var(--k);stroke-width:1.6}\n"
    ".curve{stroke:var(--k);stroke-width:2;fill:none;stroke-linejoin:round}\n"
    ".m{text-anchor:middle}.e{text-anchor:end}\n"
    ".runs{stroke:var(--k,var(--soft));stroke-width:8;fill:none}.turns{stroke-width:4}\n"
    ".waits{stroke:var(--soft);stroke-width:1}\n"
    ".other{stroke:var(--soft);stroke-width:1.5;stroke-dasharray:2 2}"
    ".ready{stroke:var(--k4);stroke-width:3}\n"
    ".thin{stroke-width:1}.band{fill:var(--k);fill-opacity:.2}\n"
    "[href=\"#m0\"]{--k:var(--k0)}[href=\"#m1\"]{--k:var(--k1)}"
    "[href=\"#m2\"]{--k:var(--k2)}[href=\"#m3\"]{--k:var(--k3)}"
    "[href=\"#m4\"]{--k:var(--k4)}[href=\"#m5\"]{--k:var(--k5)}[href=\"#m6\"]{--k:var(--"
    "k6)}\n"
    ".c0{--k:var(--k0)}.c1{--k:var(--k1)}.c2{--k:var(--k2)}.c3{--k:var(--k3)}"
    ".c4{--k:var(--k4)}.c5{--k:var(--k5)}.c6{--k:var(--k6)}.c7{--k:var(--k7)}\n";

static const char page[] =
    "*{box-sizing:border-box}\n"
    "body{margin:0 auto;max-width:90rem;padding:0 .75rem 3rem;background:var(--paper);"
    "color:var(--ink);font:1rem/1.5 system-ui,'DejaVu Sans',sans-serif;"
    "overflow-wrap:anywhere}\n"
    "@media(min-width:40rem){body{padding:0 2rem 3rem}}\n"
    "h1{font-size:1.6rem;line-height:1.2;margin:1.5rem 0 .5rem}\n"
    "h2{font-size:1.3rem;margin:2.5rem 0 .25rem;border-top:1px solid var(--rule);"
    "padding-top:1.25rem}\n"
    "h3{font-size:1rem;margin:0 0 .4rem}\n"
    "p,ul,details,nav{max-width:52rem}p{margin:.4rem 0}\n"
    "a{color:var(--link)}a:focus-visible,summary:focus-visible,.scroll:focus-visible{"
    "outline:3px solid var(--link);outline-offset:2px}\n"
    ".answer{background:var(--wash);border-left:.3rem solid var(--k0);padding:.1rem "
    "1rem}\n"
    ".answer li{margin:.35rem 0}.answer h2{border:0;margin:.6rem 0 0;padding:0}\n"
    ".answer ul{padding-left:1.1rem}\n"
    ".soft,figcaption,.origin{color:var(--soft);font-size:.875rem}\n"
    ".warning{color:var(--alarm);font-weight:600}\n"
    "nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}\n"
    ".plots{display:grid;gap:1.5rem 2.5rem;margin:1rem 0;"
    "grid-template-columns:minmax(0,1fr)}\n"
    "@media(min-width:44rem){.plots{grid-template-columns:repeat(2,minmax(0,1fr))}}\n"
    "@media(min-width:72rem){.plots{grid-template-columns:repeat(3,minmax(0,1fr))}}\n"
    "figure{margin:0;min-width:0;max-width:29rem}\n"
    "figure svg{display:block;width:100%;height:auto}\n"
    "svg.shapes{position:absolute;width:0;height:0}\n"
    "figcaption{margin-top:.3rem}\n"
    "details{margin:.4rem 0}summary{cursor:pointer;padding:.2rem 0}\n"
    ".scroll{overflow-x:auto;max-width:100%}\n"
    "table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums;"
    "overflow-wrap:normal}\n"
    "caption{text-align:left;color:var(--soft);padding:.2rem 0}\n"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid var(--rule);"
    "white-space:nowrap}\n"
    "th:first-child{text-align:left;padding-left:0}thead th{color:var(--soft);"
    "font-weight:600;vertical-align:bottom}tbody th{font-weight:400}\n"
    "#glance "
    "th:nth-child(2),td.names,td.why{text-align:left;white-space:normal;min-width:13rem}"
    "\n"
    "tr.best th,tr.best td{font-weight:600}\n"
    "code{font-family:ui-monospace,'DejaVu Sans Mono',monospace;font-size:.85em}\n"
    "@media print{body{max-width:none;font-size:10pt}figure,tr,h2{break-inside:avoid}"
    "h2,h3{break-after:avoid}nav{display:none}.plots{grid-template-columns:1fr 1fr}"
    ".scroll{overflow:visible}}\n";

void theme_plot(FILE *file)
{
    fputs(colours, file);
    fputs(plot, file);
}

void theme_page(FILE *file)
{
    theme_plot(file);
    fputs(page, file);
}
