"""`make bench`: how fast, each as a ratio to a named peer of Odoo's, timed in the same run."""

import json

import addon
import bench_decide
import bench_submit
import database
import ground
import say
import settings

NAME = f'{settings.DB}_bench'
WORKLOADS = (bench_decide, bench_submit)


def work():
    with ground.ready() as (odoo, template):
        if not (database.exists(NAME) and addon.is_current(NAME)):
            with say.step("the addon in a database of its own, without demo data"):
                database.copy(template, NAME)
                odoo.server(NAME, '-i', settings.ADDON, log='bench-install')
                addon.mark_current(NAME)
        results = {}
        for workload in WORKLOADS:
            with say.step(workload.TITLE):
                results[workload.ID] = workload.measure(odoo, NAME)
            for text in workload.told(results[workload.ID]):
                say.line(f"  {text}")
        path = say.log_file('bench').with_suffix('.json')
        path.write_text(json.dumps(results, indent=1), encoding='utf-8')
        say.line(f"\nall figures: {path.relative_to(settings.PROJECT)}")


ground.main(work)
