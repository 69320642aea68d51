// SPDX-License-Identifier: MIT
//
// model_members.c - see model_members.h.
#include "driver/report/model_members.h"

#include "lib/check.h"

// clang-format off
#define TABLE(name) const struct members name##_members = {ARRAY_LEN(name), name}

// ---- the report --------------------------------------------------------------------

#define OF(field, rules) MEMBER(struct report, field, rules)
static const struct member report[] = {
    OF(complete, MEMBER_REQUIRED),
    OF(incomplete_reason, MEMBER_PLAIN),
    OF(started_utc, MEMBER_PLAIN),
    OF(duration_ns, MEMBER_WHOLE),
    OF(environment, MEMBER_OBJECT | MEMBER_CHECKED),
    MEMBER_AS("plan", struct report, plan.json,
              MEMBER_OBJECT | MEMBER_CHECKED | MEMBER_READ_ONLY),
    OF(resumed, MEMBER_ARRAY | MEMBER_OPTIONAL),
    MEMBER_LIST_OF("tables", MEMBER_REQUIRED),
};
TABLE(report);
#undef OF

#define OF(field, rules) MEMBER(struct report, field, rules)
static const struct member report_tool[] = {
    OF(version, MEMBER_PLAIN),
    OF(commit, MEMBER_PLAIN),
};
TABLE(report_tool);
#undef OF

#define OF(field, rules) MEMBER(struct report_plan, field, rules)
static const struct member report_plan[] = {
    OF(command, MEMBER_OPTIONAL),
    OF(profile, MEMBER_PLAIN),
    MEMBER_AS("seed", struct report_plan, seed_shown, MEMBER_WHOLE),
    OF(rounds, MEMBER_WHOLE),
    OF(until_decided, MEMBER_OPTIONAL),
    OF(accept_noise, MEMBER_OPTIONAL),
    OF(run_timeout_ns, MEMBER_OPTIONAL | MEMBER_WHOLE),
    OF(counters, MEMBER_OPTIONAL),
    OF(for_decisions, MEMBER_PLAIN),
    OF(optimised, MEMBER_PLAIN),
    OF(rank, MEMBER_OPTIONAL),
    OF(backend, MEMBER_OPTIONAL),
    OF(argv, MEMBER_ARRAY),
    OF(file, MEMBER_OBJECT | MEMBER_OPTIONAL),
    OF(looks, MEMBER_ARRAY | MEMBER_OPTIONAL),
};
TABLE(report_plan);
#undef OF

static const struct member left_out[] = {
    MEMBER(struct left_out, name, MEMBER_PLAIN),
    MEMBER(struct left_out, reason, MEMBER_PLAIN),
    MEMBER(struct left_out, package, MEMBER_PLAIN),
};
TABLE(left_out);

#define OF(field, rules) MEMBER(struct report_budget, field, rules)
static const struct member report_budget[] = {
    OF(ns, MEMBER_WHOLE),
    OF(rounds_wanted, MEMBER_WHOLE),
    OF(rounds_fit, MEMBER_WHOLE),
    OF(detectable, MEMBER_PLAIN),
    OF(detectable_from, MEMBER_PLAIN),
    OF(blocks_left_out, MEMBER_WHOLE),
};
TABLE(report_budget);
#undef OF

// ---- tables ------------------------------------------------------------------------

#define OF(field, rules) MEMBER(struct report_table, field, rules)
static const struct member report_table[] = {
    OF(id, MEMBER_REQUIRED),
    OF(workload, MEMBER_REQUIRED),
    OF(kind, MEMBER_PLAIN),
    OF(title, MEMBER_CHECKED),
    OF(setting, MEMBER_CHECKED),
    OF(operation, MEMBER_PLAIN),
    OF(cpus, MEMBER_PLAIN),
    OF(peer_cpus, MEMBER_PLAIN),
    OF(tasks, MEMBER_WHOLE),
    OF(concurrency, MEMBER_WHOLE),
    OF(arguments, MEMBER_ARRAY),
    MEMBER_LIST_OF("blocks", MEMBER_REQUIRED),
    MEMBER_LIST_OF("cells", MEMBER_REQUIRED),
    OF(sweep, MEMBER_OPTIONAL),
    OF(decided_after, MEMBER_WHOLE | MEMBER_OPTIONAL),
};
TABLE(report_table);
#undef OF

#define OF(field, rules) MEMBER(struct report_block, field, rules)
static const struct member report_block[] = {
    OF(number, MEMBER_WHOLE | MEMBER_REQUIRED),
    OF(round, MEMBER_WHOLE),
    OF(batch, MEMBER_WHOLE),
    OF(order, MEMBER_ARRAY),
    OF(twin, MEMBER_PLAIN),
    OF(started_ns, MEMBER_WHOLE),
    OF(valid, MEMBER_REQUIRED),
    OF(invalid_reason, MEMBER_PLAIN),
    OF(disturbed, MEMBER_PLAIN),
    OF(accepted, MEMBER_PLAIN),
};
TABLE(report_block);
#undef OF

#define OF(field, rules) MEMBER(struct block_noise, field, rules)
static const struct member block_noise[] = {
    OF(steal, MEMBER_PLAIN),
    OF(foreign, MEMBER_PLAIN),
    OF(throttled, MEMBER_PLAIN),
    OF(load, MEMBER_PLAIN),
};
TABLE(block_noise);

static const struct member noise_reference[] = {
    MEMBER_AS("spin", struct block_noise, spin_ns, MEMBER_PLAIN),
    MEMBER_AS("pipe", struct block_noise, pipe_ns, MEMBER_PLAIN),
    MEMBER_AS("atomic", struct block_noise, atomic_ns, MEMBER_PLAIN),
};
TABLE(noise_reference);
#undef OF

// ---- cells, runs -------------------------------------------------------------------

static const char *const status_list[] = {
    [CELL_OK] = "ok", [CELL_WRONG] = "wrong", [CELL_FAILED] = "failed",
    [CELL_DNF] = "dnf", [CELL_SKIPPED] = "skipped",
};
static const struct member_names status_names = {
    ARRAY_LEN(status_list), CELL_FAILED, status_list};

const char *cell_status_name(enum cell_status status)
{
    return status_list[status];
}

#define OF(field, rules) MEMBER(struct report_cell, field, rules)
static const struct member report_cell[] = {
    OF(id, MEMBER_REQUIRED),
    OF(model, MEMBER_REQUIRED),
    OF(variant, MEMBER_PLAIN),
    OF(label, MEMBER_REQUIRED),
    OF(command, MEMBER_ARRAY),
    MEMBER_NAMED(struct report_cell, status, MEMBER_REQUIRED, &status_names),
    OF(reason, MEMBER_CHECKED),
    MEMBER_AS("warmup", struct report_cell, warmup.json,
              MEMBER_OBJECT | MEMBER_CHECKED | MEMBER_READ_ONLY),
    OF(base_of, MEMBER_OPTIONAL),
    OF(row, MEMBER_OPTIONAL),
    OF(beside, MEMBER_OPTIONAL),
    OF(runtime, MEMBER_OPTIONAL),
    OF(counters, MEMBER_OBJECT | MEMBER_OPTIONAL),
    MEMBER_LIST_OF("samples", MEMBER_REQUIRED),
};
TABLE(report_cell);
#undef OF

// How a block leaves a cell.
static const struct member cell_progress[] = {
    MEMBER_NAMED(struct report_cell, status, MEMBER_REQUIRED, &status_names),
    MEMBER(struct report_cell, reason, MEMBER_CHECKED),
};
TABLE(cell_progress);

#define OF(field, rules) MEMBER(struct sample, field, rules)
static const struct member sample[] = {
    OF(block, MEMBER_WHOLE | MEMBER_REQUIRED),
    OF(position, MEMBER_WHOLE),
    OF(wall_ns, MEMBER_WHOLE | MEMBER_CHECKED),
    OF(exit_code, MEMBER_WHOLE | MEMBER_CHECKED),
    OF(user_ns, MEMBER_WHOLE),
    OF(system_ns, MEMBER_WHOLE),
    MEMBER_AS("record", struct sample, record.json, MEMBER_OBJECT | MEMBER_CHECKED),
};
TABLE(sample);
#undef OF

#define OF(name, field) MEMBER_AS(name, struct record, field, MEMBER_READ_ONLY)
static const struct member record[] = {
    OF("status", status),
    OF("reason", reason),
    OF("tasks", tasks),
    OF("concurrency", concurrency),
    OF("ledger.peak_in_flight", peak_in_flight),
    OF("expected.least_run_ns", least_run_ns),
    OF("ledger.operations", operations),
    OF("cpu_ns.user", user_ns),
    OF("cpu_ns.system", system_ns),
    OF("peer_cpu_ns", peer_cpu_ns),
    OF("context_switches.voluntary", voluntary),
    OF("context_switches.involuntary", involuntary),
    OF("page_faults.minor", minor_faults),
    MEMBER_AS("ledger", struct record, ledger, MEMBER_OBJECT | MEMBER_READ_ONLY),
    MEMBER_AS("expected", struct record, expected, MEMBER_OBJECT | MEMBER_READ_ONLY),
    OF("ledger.checksum", checksum),
    OF("ledger.errors", errors),
    OF("parameters", parameters),
    MEMBER_AS("build", struct record, build, MEMBER_OBJECT | MEMBER_READ_ONLY),
    MEMBER_AS("memory", struct record, memory, MEMBER_OBJECT | MEMBER_READ_ONLY),
    OF("latency_ns.kind", latency_kind),
    OF("latency_ns.count", latency_count),
    OF("latency_ns.mean", latency_mean_ns),
    MEMBER_AS("latency_ns.buckets", struct record, buckets,
              MEMBER_ARRAY | MEMBER_READ_ONLY),
    OF("latency_ns.p50", p50_ns),
    OF("latency_ns.p99", p99_ns),
    MEMBER_AS("notes", struct record, notes, MEMBER_ARRAY | MEMBER_READ_ONLY),
    OF("workers", workers),
    OF("memory.bytes", memory_bytes),
    OF("memory.method", memory_method),
    OF("phases_ns.setup", phases_ns[PHASE_SETUP]),
    OF("phases_ns.spawn", phases_ns[PHASE_SPAWN]),
    OF("phases_ns.run", phases_ns[PHASE_RUN]),
    OF("phases_ns.join", phases_ns[PHASE_JOIN]),
    OF("phases_ns.teardown", phases_ns[PHASE_TEARDOWN]),
};
TABLE(record);
#undef OF

// ---- what was found ----------------------------------------------------------------

// NOLINTBEGIN(bugprone-macro-parentheses): the names of members cannot stand in any
#define INTERVAL(structure, field)                                                       \
    MEMBER_AS("low", structure, field.low, MEMBER_PLAIN),                                \
    MEMBER_AS("high", structure, field.high, MEMBER_PLAIN),                              \
    MEMBER_AS("confidence", structure, field.confidence, MEMBER_PLAIN)
// NOLINTEND(bugprone-macro-parentheses)

#define OF(field) MEMBER(struct summary, field, MEMBER_PLAIN)
static const struct member summary[] = {
    OF(n), OF(median), INTERVAL(struct summary, interval), OF(mad), OF(min), OF(max),
    OF(mean), OF(stddev),
};
TABLE(summary);
#undef OF

#define OF(name, field) MEMBER_AS(name, struct cell_statistics, field, MEMBER_PLAIN)
static const struct member phases[] = {
    OF("setup", phases_ns[PHASE_SETUP]), OF("spawn", phases_ns[PHASE_SPAWN]),
    OF("run", phases_ns[PHASE_RUN]), OF("join", phases_ns[PHASE_JOIN]),
    OF("teardown", phases_ns[PHASE_TEARDOWN]),
};
TABLE(phases);

static const struct member cpu[] = {
    OF("median", cpu_ns), OF("user", user_ns), OF("system", system_ns),
};
TABLE(cpu);

static const struct member caused[] = {
    OF("median", caused_cpu_ns), OF("peer", peer_cpu_ns),
    OF("ratio_to_least", caused_ratio.estimate),
    INTERVAL(struct cell_statistics, caused_ratio.interval),
};
TABLE(caused);

static const struct member switches[] = {
    OF("voluntary", voluntary), OF("involuntary", involuntary),
};
TABLE(switches);

static const struct member latency[] = {
    OF("kind", latency_kind), OF("count", latency_count),
    MEMBER_AS("p50", struct cell_statistics, p50_ns, MEMBER_WHOLE),
    MEMBER_AS("p90", struct cell_statistics, p90_ns, MEMBER_WHOLE),
    MEMBER_AS("p99", struct cell_statistics, p99_ns, MEMBER_WHOLE),
    MEMBER_AS("p999", struct cell_statistics, p999_ns, MEMBER_WHOLE),
};
TABLE(latency);

static const struct member statistics[] = {
    OF("operations", operations), OF("ns_per_operation", ns_per_operation),
    OF("memory", memory),
};
TABLE(statistics);
#undef OF

#define OF(name, field) MEMBER_AS(name, struct pair, field, MEMBER_PLAIN)
static const struct member pair[] = {
    OF("n", ratio.n), OF("ratio", ratio.estimate), INTERVAL(struct pair, ratio.interval),
    OF("bootstrap_low", ratio.bootstrap.low), OF("bootstrap_high", ratio.bootstrap.high),
    OF("method", ratio.method), OF("p", p), OF("detectable", detectable),
    OF("p_holm", p_holm),
    OF("p_order", p_order),
};
TABLE(pair);
#undef OF

#define OF(name, field) MEMBER_AS(name, struct table_noise, field, MEMBER_PLAIN)
static const struct member table_noise[] = {
    OF("twins", twins.n), OF("ratio", twins.estimate),
    INTERVAL(struct table_noise, twins.interval), OF("floor", floor),
    OF("disturbed", disturbed), OF("noisy", noisy), OF("drift", drift),
};
TABLE(table_noise);
#undef OF

static const struct member verification[] = {
    MEMBER(struct verification, equal_work, MEMBER_PLAIN),
    MEMBER(struct verification, checksum, MEMBER_PLAIN),
    MEMBER(struct verification, differences, MEMBER_ARRAY),
};
TABLE(verification);

#define OF(name, field) MEMBER_AS(name, struct sweep_point, field, MEMBER_PLAIN)
static const struct member sweep_point[] = {
    OF("wall_ns_per_operation", ns_per_operation), OF("ratio_to_first", to_first.estimate),
    INTERVAL(struct sweep_point, to_first.interval), OF("ratio_to_best", to_best),
};
TABLE(sweep_point);
#undef OF
