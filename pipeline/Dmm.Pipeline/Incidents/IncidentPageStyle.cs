namespace Dmm.Pipeline.Incidents;

/// <summary>How a page looks: light or dark as the reader's system is, in one column on a phone.</summary>
internal static class IncidentPageStyle
{
    public const string Css = """

        :root{color-scheme:light dark;--ground:#fbfbf9;--panel:#fff;--ink:#20242a;--soft:#626a73;--line:#dfe1e4;--grid:#ebecee;--bid:#16774a;--ask:#c0392b;
        --fair:#20242a;--market:#8a929b;--held:#8e5a2b;--sigma:#2c5aa0;--toxic:#8f4a8f;--person:#2c5aa0;--alarm:#c0392b;
        --active:#8fcea4;--widened:#f0d264;--reducing:#efa45c;--halted:#df7468;--killed:#8f4a8f;--good:#16774a;--bad:#b3261e;--unsure:#8a6100}
        @media (prefers-color-scheme:dark){:root{--ground:#14171b;--panel:#1c2026;--ink:#e4e7eb;--soft:#9aa3ad;--line:#343a42;--grid:#292e35;--bid:#53c48a;
        --ask:#f0766a;--fair:#e4e7eb;--market:#737c86;--held:#d39a62;--sigma:#7aa7e8;--toxic:#cd8fcd;--person:#7aa7e8;--alarm:#f0766a;
        --active:#2f7a4c;--widened:#a3862a;--reducing:#b4702c;--halted:#b04a40;--killed:#93529a;--good:#53c48a;--bad:#f0766a;--unsure:#d9b14a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
        main{max-width:1500px;margin:0 auto;padding:20px 16px 60px}
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 6px}
        h2{font-size:1.15rem;margin:34px 0 8px;padding-top:10px;border-top:1px solid var(--line)}
        h3{font-size:1rem;margin:14px 0 6px}h4{font-size:.9rem;margin:0}small,.legend,.none,.caveat,.x,.y{color:var(--soft)}p{margin:4px 0}
        small{font-weight:400}.caveat{font-size:.85rem;max-width:100ch}
        .verdict{border-left:4px solid;padding:4px 10px;margin:8px 0;background:var(--panel);overflow-wrap:anywhere}
        .good{border-color:var(--good);color:var(--good)}.bad{border-color:var(--bad);color:var(--bad)}
        .unsure{border-color:var(--unsure);color:var(--unsure)}
        pre{overflow-x:auto;background:var(--panel);border:1px solid var(--line);padding:8px;font-size:12px}
        .columns{display:grid;gap:16px;grid-template-columns:minmax(0,1fr)}.columns>div:nth-child(2){border-top:1px solid var(--line)}
        @media (min-width:1000px){.columns:has(>div:nth-child(2)){grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
        .columns>div:nth-child(2){border-top:0}}
        .panel{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:8px 14px 6px 10px;margin:0 0 10px}
        .legend{font-size:.78rem;margin:0 0 4px;display:flex;flex-wrap:wrap;gap:2px 12px}
        .key{display:inline-block;width:14px;height:3px;margin-right:5px;vertical-align:middle}
        .plot{display:flex;height:170px}.plot svg{flex:1;min-width:0;height:100%;overflow:visible}
        .y{position:relative;width:62px;flex:none;font-size:11px}
        .y span{position:absolute;right:6px;transform:translateY(-50%);white-space:nowrap;font-variant-numeric:tabular-nums}
        .x{position:relative;height:16px;margin-left:62px;font-size:11px}.x span{position:absolute;transform:translateX(-50%);white-space:nowrap}
        path{fill:none;vector-effect:non-scaling-stroke;stroke-width:1.3}.grid{stroke:var(--grid);stroke-width:1}
        .moment{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 3}
        .fair{stroke:var(--fair)}.market{stroke:var(--market);stroke-width:1;opacity:.75}.bid{stroke:var(--bid)}.ask{stroke:var(--ask)}
        .held{stroke:var(--held)}.sigma{stroke:var(--sigma)}.toxic{stroke:var(--toxic)}
        .bids{fill:var(--bid);stroke:none;opacity:.2}.asks{fill:var(--ask);stroke:none;opacity:.2}
        .mark{stroke-width:8;stroke-linecap:round}.bought{stroke:var(--bid)}.sold{stroke:var(--ask)}.hole{stroke:var(--panel);stroke-width:4}
        .person{stroke:var(--person)}.alarm{stroke:var(--alarm)}
        .key.fair{background:var(--fair)}.key.market{background:var(--market)}.key.bid,.key.bids{background:var(--bid)}
        .key.ask,.key.asks{background:var(--ask)}
        .key.bids,.key.asks{height:9px}.key.state{height:9px;opacity:1}
        .key.bought-mark,.key.sold-mark{width:9px;height:9px;border-radius:5px;background:var(--bid)}
        .key.sold-mark{background:none;border:2px solid var(--ask)}
        .band{margin:3px 0 3px 62px}.band span{display:block;font-size:.75rem;line-height:1.3;color:var(--soft);overflow-wrap:anywhere}
        .band svg{display:block;width:100%;height:12px;overflow:visible}
        rect.active{fill:var(--active)}rect.widened{fill:var(--widened)}rect.reducing{fill:var(--reducing)}rect.halted{fill:var(--halted)}
        rect.killed{fill:var(--killed)}
        .key.active,.chip.active{background:var(--active)}.key.widened,.chip.widened{background:var(--widened)}
        .key.reducing,.chip.reducing{background:var(--reducing)}
        .key.halted,.chip.halted{background:var(--halted)}.key.killed,.chip.killed{background:var(--killed)}.chip.killed{color:#fff}
        .chip{padding:0 7px;border-radius:9px;font-size:.8rem}
        .wide{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:6px}
        .wide:has(>.figures){width:fit-content;max-width:100%}
        table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;width:100%}
        th,td{padding:3px 9px;text-align:left;vertical-align:top;border-bottom:1px solid var(--grid);white-space:nowrap}
        thead th{color:var(--soft);font-weight:600}
        .text,.log td:last-child{white-space:normal;min-width:22ch;overflow-wrap:anywhere}.figures{width:auto}
        .figures td,.figures thead th{text-align:right}
        .figures thead th{white-space:normal;max-width:34ch}.figures th{font-weight:400}.log tr.input td{color:var(--soft)}
        .log tr.now td{box-shadow:inset 0 2px var(--bad)}
        .terms{width:auto;margin:4px 0}.terms th{font-weight:400;white-space:normal}.terms td{text-align:right}
        .terms td:last-child{min-width:0;text-align:left;color:var(--soft)}
        summary{cursor:pointer}.bought-text{color:var(--bid)}.sold-text{color:var(--ask)}.critical{color:var(--bad)}.warning{color:var(--unsure)}
        .cards{display:grid;gap:10px;grid-template-columns:repeat(auto-fill,minmax(min(330px,100%),1fr));margin-bottom:10px}
        .card{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:8px 10px}
        @media (max-width:600px){main{padding:14px 8px 40px}h1{font-size:1.2rem}.panel{padding:8px 8px 6px 4px}.y{width:48px;font-size:10px}
        .x{margin-left:48px;font-size:10px}
        .band{margin-left:48px}.x span:nth-child(even){display:none}.plot{height:150px}th,td{padding:3px 6px}
        .figures{width:100%}.figures th,.figures td,.figures thead th{white-space:normal;font-size:.76rem;padding:3px 4px;overflow-wrap:anywhere}}

        """;
}
