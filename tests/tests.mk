# SPDX-License-Identifier: MIT
#
# For makers: tests, checks, peers, fuzzing, what the driver costs. The Makefile includes it.

# ---- tests -------------------------------------------------------------------------------
# tests/*/test_*.c are programs of cmocka, tests/*/*.bats scripts; tests/run counts the
# cases of all. $(B)/tests/bin/ holds the runners once more, from the same objects, with
# the workloads of $(TEST_WORKLOAD_DIRS) linked in as well.

TEST_WORKLOAD_DIRS := tests/contract tests/sync
$(B)/tests/gen/%: TEST_NAMES := $(notdir $(TEST_WORKLOAD_DIRS))

# tests/workloads/test_NAME.c is left out with its workload; tests/workloads/needs.bats says so.
TEST_PROGRAMS := $(patsubst %.c,$(B)/%,$(filter-out $(LEFT_OUT:%=tests/workloads/test_%.c),\
	$(wildcard tests/*/test_*.c tests/*/*/test_*.c)))
TEST_RUNNERS := $(MODELS:%=$(B)/tests/bin/%)
# The driver under AddressSanitizer and LeakSanitizer; its objects are there for CORE_PROGRAMS.
ASAN_SCRIPTS := tests/driver/command/sanitized.bats tests/faults/driver_calls.bats
TEST_SCRIPTS := tests/docs/commands.py tests/docs/references.py tests/grade/submissions.py \
	$(filter-out $(ASAN_SCRIPTS),$(sort $(wildcard tests/*/*.bats tests/*/*/*.bats)))
# What the sanitizers look at: coroutines, the contract, every workload by every runner.
CORE_PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard tests/coroutine/test_*.c tests/lib/test_*.c \
	tests/fuzz/test_*.c))
CORE_SCRIPTS := tests/contract/contract.bats tests/sync/sync.bats tests/matrix/matrix.bats

test_objects = $(patsubst $(B)/gen/%_list.o,$(B)/tests/gen/%_list.o,$(model_objects)) \
	$(call objects,$(filter-out $(if $(filter %/events_list.o,$(STYLE_$(1))),%/direct.c,\
	%/events.c),$(foreach dir,$(TEST_WORKLOAD_DIRS),$(wildcard $(dir)/*.c))))
define test_runner_rule
$(B)/tests/bin/$(1): $$(call test_objects,$(1))
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) $$^ $$(RUNNER_LIBS) -o $$@,$$@)
endef
$(foreach model,$(MODELS),$(eval $(call test_runner_rule,$(model))))

# The runners once more, linked dynamically: a library that refuses or shortens calls, and
# valgrind's malloc, can be put in front of theirs.
DYNAMIC_RUNNERS := $(MODELS:%=$(B)/tests/dynamic/%)
define dynamic_rule
$(B)/tests/dynamic/$(1): $$(call model_objects,$(1))
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$^ $$(RUNNER_LIBS) -o $$@,$$@)
endef
$(foreach model,$(MODELS),$(eval $(call dynamic_rule,$(model))))

# Everything without a main(), from which the linker takes what a test program needs.
$(B)/tests/quartet.a: $(filter-out %/main.o $(BLOCKING_OBJS),$(LIB_OBJS) $(WORKLOAD_OBJS) \
		$(DIRECT_OBJS) $(COMMON_OBJS) $(LOOP_OBJS) $(DRIVER_OBJS) \
		$(call objects,$(wildcard runners/coroutine/*.c runners/coroutine/*.S)))
	$(call run,AR,rm -f $@ && $(AR) rcs $@ $(sort $^),$@)
$(TEST_PROGRAMS): $(B)/tests/%: $(B)/obj/tests/%.o $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(filter %.o,$^) $(B)/tests/quartet.a -lcmocka $(RUNNER_LIBS) -o $@,$@)
FUZZ_READERS := $(call objects,$(wildcard tests/fuzz/read_*.c))
$(B)/tests/fuzz/test_replay: $(FUZZ_READERS)
$(B)/tests/runners/test_wake_ups: $(B)/obj/runners/blocking/sync.o
$(B)/tests/runners/test_verbs: $(B)/obj/runners/blocking/verbs.o
$(B)/tests/tools/test_command_child: $(B)/obj/tools/command_child.o
$(B)/tests/tools/test_command_words: $(B)/obj/tools/command_words.o

.PHONY: mutants driver-calls lanes lane-programs grade-repeat site test test-run test-core test-programs test-runners core-programs lint honesty fairness transcripts
test-runners: runners $(TEST_RUNNERS) $(B)/tests/bin/json
$(B)/tests/bin/json: $(B)/obj/tests/json.o
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(JANSSON_LIBS) -lm -o $@,$@)
test-programs: all injected test-runners $(DYNAMIC_RUNNERS) $(TEST_PROGRAMS) $(if $(shell command -v $(MPICC) 2>/dev/null),$(B)/bin/quartet-mpi)
core-programs: test-runners $(CORE_PROGRAMS) $(if $(filter asan,$(MODE)),$(B)/bin/quartet $(B)/bin/quartet-command)

# The sanitizers look at no traced runner, and each mode would link ten.
test: ## run all tests, installing what they need
	@scripts/install-deps --group test
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=release test-programs
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=asan TRACED= core-programs
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=tsan TRACED= core-programs
	@$(MAKE) --no-print-directory MODE=release test-run

# What takes longest begins first, and programs are last: they are short, so that neither
# CPU has nothing to do at the end.
test-run:
	@tests/run QUARTET_BUILD=$(BUILD)/tsan $(CORE_SCRIPTS) QUARTET_BUILD=$(BUILD)/asan $(CORE_SCRIPTS) $(ASAN_SCRIPTS) \
		QUARTET_BUILD=$(B) $(TEST_SCRIPTS) $(TEST_PROGRAMS) \
		QUARTET_BUILD=$(BUILD)/asan $(CORE_PROGRAMS:$(B)/%=$(BUILD)/asan/%) \
		QUARTET_BUILD=$(BUILD)/tsan $(CORE_PROGRAMS:$(B)/%=$(BUILD)/tsan/%)

test-core: core-programs #: run contract, coroutines and small runs, in this MODE
	@tests/run QUARTET_BUILD=$(B) $(CORE_PROGRAMS) $(CORE_SCRIPTS)

# The lane of Go is built where golang-go is; nothing is left in the user's own caches.
lane-programs: #: build the lanes that need it
	@if command -v go >/dev/null; then cd lanes/go && GOCACHE="$(abspath $(B))/go" go build -o goroutine .; \
	else echo 'SKIP lanes/go: golang-go is not installed'; fi

lanes: all lane-programs #: measure all lanes beside their C models, in five minutes at most
	@$(B)/bin/quartet run --lanes "python$$([ ! -x lanes/go/goroutine ] || echo ,go)" --time-budget 270s --wait

MUTANTS ?= 100
SEED ?= 1
mutants: test-programs #: break the source in MUTANTS=100 places drawn by SEED=1, and tell which the tests notice (hours)
	@tests/mutants/run --count $(MUTANTS) --seed $(SEED)

driver-calls: #: refuse every call of the driver once, under AddressSanitizer (an hour)
	@$(MAKE) --no-print-directory MODE=asan TRACED= $(BUILD)/asan/bin/quartet
	@mkdir -p $(BUILD)/asan/tests/faults
	@$(CC) -std=c17 -O1 -fPIC -shared tests/faults/refuse_driver.c -o $(BUILD)/asan/tests/faults/refuse_driver.so
	@tests/faults/driver_calls.py $(abspath $(BUILD))/asan/tests/faults/refuse_driver.so $(abspath $(BUILD))/asan/bin/quartet

REPEAT ?= 200
LOAD ?= 20
grade-repeat: all #: grade the right answers to the exercises REPEAT=200 times, beside LOAD=20 busy programs
	@QUARTET_BUILD=$(B) tests/grade/submissions.py --repeat $(REPEAT) --load $(LOAD) --jobs 1

site: all #: make the documents and a sample report into static pages, build/site (needs pandoc; takes three minutes)
	@command -v pandoc >/dev/null || { echo 'make site: pandoc is not installed: scripts/install-deps' >&2; exit 77; }
	@rm -rf $(BUILD)/site-report
	@$(B)/bin/quartet run --profile quick --time-budget 90s --accept-noise --wait -o $(BUILD)/site-report >/dev/null
	@scripts/site --report $(BUILD)/site-report/report.html $(BUILD)/site

lint: #: formats, warnings of two compilers, static analysis, scripts
	@scripts/lint

honesty: $(RUNNERS) #: no writable globals, no flags per runner, no words that lie
	@scripts/honesty checks $(B)
	@scripts/check-style

fairness: $(RUNNERS) #: print which runner links which object file, with its sha256
	@LINK='$(CC) $(ALL_LDFLAGS)' STATIC='$(STATIC)' LIBS='$(RUNNER_LIBS)' SHARED_LIBS='$(SHARED_LIBS) $(LIBS)' \
		scripts/honesty fairness $(B)

transcripts: $(RUNNERS) $(B)/bin/quartet #: write what --help says into tests/cli/expected
	@tests/cli/transcript --update $(B)

# ---- faults that the gate must find: runners with tests/inject/inject.c linked in --------
# `quartet selftest` uses slow and crash. `make campaign` uses the plants, each in the function
# that PLANT_kind_model, or PLANT_kind, names, and linked in several orders like a build.

PLANTS := kernel verbs scheduler tail
PLANT_kernel := primes_chunk
PLANT_verbs := direct_read
PLANT_verbs_eventloop := recv
PLANT_tail := $(PLANT_verbs)
PLANT_tail_eventloop := $(PLANT_verbs_eventloop)
PLANT_scheduler := run_take
PLANT_scheduler_coroutine := scheduler_suspend
PLANT_scheduler_eventloop := epoll_wait
PLANT_slow := run_finish
INJECT_slow := -DINJECT_PERCENT=200
INJECT_tail := -DINJECT_EVERY=2000
INJECT_crash := -DINJECT_CRASH
INJECTED ?= slow crash
PLANT_LINKS := 1 2 3 4

plant = $(or $(PLANT_$(1)_$(2)),$(PLANT_$(1)))
inject_flags = $(INJECT_$(1)) $(patsubst %,-DINJECT_AT_%,$(call plant,$(1),$(2))) \
	$(if $(filter recv epoll_wait,$(call plant,$(1),$(2))),-DINJECT_PARENT_ONLY)
wrap = $(patsubst %,-Wl$(comma)--wrap=%,$(call plant,$(1),$(2)))
# injected_rule KIND MODEL, injected_link FILE KIND MODEL ORDER
define injected_rule
$(B)/obj/tests/inject/$(1)_$(2).o: tests/inject/inject.c $(B)/gen/flags
	$$(call run,CC,$$(CC) $$(ALL_CPPFLAGS) $$(call inject_flags,$(1),$(2)) $$(ALL_CFLAGS) -MMD -MP -c $$< -o $$@,$$@)
endef
define injected_link
$(1): $(B)/bin/$(3) $(B)/obj/tests/inject/$(2)_$(3).o scripts/shuffle-words
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) $$(call wrap,$(2),$(3)) $$$$(scripts/shuffle-words $(4) \
		$$(call model_objects,$(3))) $(B)/obj/tests/inject/$(2)_$(3).o $$(RUNNER_LIBS) -o $$@,$$@)
endef
$(foreach kind,slow crash $(PLANTS),$(foreach model,$(MODELS),$(eval $(call injected_rule,$(kind),$(model)))))
$(foreach kind,slow crash,$(foreach model,$(MODELS),$(eval \
	$(call injected_link,$(B)/injected/$(kind)/$(model),$(kind),$(model),0))))
$(foreach kind,$(PLANTS),$(foreach model,$(MODELS),$(eval \
	$(call injected_link,$(B)/planted/$(kind)/bin/$(model),$(kind),$(model),0)) \
	$(foreach link,$(PLANT_LINKS),$(eval \
	$(call injected_link,$(B)/planted/$(kind)/links/$(link)/$(model),$(kind),$(model),$(link))))))
# Links that are older than their runner would be those of another build.
$(foreach kind,$(PLANTS),$(foreach model,$(MODELS),$(foreach link,$(PLANT_LINKS),$(eval \
	$(B)/planted/$(kind)/links/$(link)/$(model): $(B)/planted/$(kind)/bin/$(model)))))
.PHONY: injected planted campaign campaign-publish claims conclusions predict-campaign project-gate
injected: $(foreach kind,$(INJECTED),$(MODELS:%=$(B)/injected/$(kind)/%)) #: build what `quartet selftest` needs
planted: $(foreach kind,$(PLANTS),$(foreach model,$(MODELS),$(B)/planted/$(kind)/bin/$(model) \
	$(PLANT_LINKS:%=$(B)/planted/$(kind)/links/%/$(model))))

# ---- links: each runner with its objects in LINKS orders ----------------------------------
# What the linker puts next to what moves times, in every run of a file. The gate takes links
# in turn (driver/plan/links.h), so that this becomes noise like any other.

LINKS ?= 16
define link_rule
$(B)/links/$(2)/$(1): $(B)/bin/$(1) scripts/shuffle-words
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) $$$$(scripts/shuffle-words $(2) $$(call model_objects,$(1))) \
		$$(RUNNER_LIBS) -o $$@,$$@)
endef
LINK_NUMBERS := $(shell seq $(LINKS))
$(foreach model,$(MODELS),$(foreach number,$(LINK_NUMBERS),$(eval $(call link_rule,$(model),$(number)))))
.PHONY: links
links: $(foreach number,$(LINK_NUMBERS),$(MODELS:%=$(B)/links/$(number)/%)) #: link each runner in LINKS orders, for the gate

.PHONY: simulate
simulate: $(B)/tests/driver/statistics/test_simulation #: how often the gate is right, on simulated machines: minutes
	@$< --table

# Many hours on a quiet machine; CAMPAIGN='--hours 1' or what else the script takes.
campaign: all links planted #: the real gate, many times: is it right? continues
	@scripts/install-deps --group test
	@tests/campaign/run --build $(B) --state $(BUILD)/campaign $(CAMPAIGN)

# Two minutes a session; CONCLUSIONS='--load 2' for as many beside stress-ng.
conclusions: all #: 20 quick sessions: is a pair named in two orders? continues
	@tests/campaign/conclusions --build "$(B)" --state "$(BUILD)/conclusions" $(CONCLUSIONS)

# Ten minutes a session; CLAIMS='--load 2' for as many beside stress-ng.
claims: all #: all claims 20 times: is one confirmed and refuted? continues
	@tests/campaign/claims --build "$(B)" --state "$(BUILD)/claims" $(CLAIMS)

project-gate: all #: 5 % in a repository of anybody: found within 3 minutes?
	@QUARTET_BUILD="$(B)" tests/campaign/project-gate

predict-campaign: all #: predict runs that a seed draws, make them, write docs/predict-campaign.md
	@tests/campaign/predict.py --quartet $(B)/bin/quartet $(PREDICT_CAMPAIGN)

campaign-publish: #: put the table of that campaign into docs/gate.md
	@tests/campaign/run --state $(BUILD)/campaign --table >/dev/null
	$(INSTALL) -d results/reference
	$(INSTALL) -m 644 $(BUILD)/campaign/campaign.json results/reference/campaign.json
	@sed -i 's|^<!-- campaign -->$$|<!-- begin: tests/campaign/run --table results/reference/campaign.json -->\n<!-- end -->|' docs/gate.md
	@scripts/update-readme --only tests/campaign/run docs/gate.md

# ---- peers: what one would write without this project, to be compared with ---------------
# tests/peers/*_bench run them beside the runners; ratio does the comparing.

peer_kernels = $(call objects,$(foreach name,$(1),$(filter-out %/events.c,\
	$(wildcard workloads/$(name)/*.c))))
FETCH_PEERS := fetch_epoll fetch_pthread fetch_fork
SERVE_PEERS := $(if $(filter serve,$(LEFT_OUT)),,serve_epoll serve_pthread serve_null)
# The bare I/O, a runner by itself; like those of scripts/shared.mk, it has a second form for
# what cannot be linked statically.
BARE := $(filter-out $(LEFT_OUT),files cache query lite)
BARE_FORMS := bare $(if $(filter $(SHARED),$(BARE)),shared/bare)
PEERS := $(BARE_FORMS) ratio openmp_peer spawn_peer handover_peer queue_peer $(FETCH_PEERS) $(SERVE_PEERS) \
	$(if $(wildcard /usr/include/boost/context/detail/fcontext.hpp),switch_bench)
.PHONY: peers
peers: runners $(PEERS:%=$(B)/peers/%) #: build the programs that the runners are compared with

$(B)/obj/tests/peers/openmp_peer.o: tests/peers/openmp_peer.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fopenmp -MMD -MP -c $< -o $@,$@)
OPENMP_WORKLOADS := $(filter-out $(LEFT_OUT),primes mandelbrot matmul compress wordcount)
$(B)/peers/gen/%: NAMES := $(OPENMP_WORKLOADS)
$(B)/peers/openmp_peer: $(call peer_kernels,common $(OPENMP_WORKLOADS)) $(LIB_OBJS) \
	$(B)/peers/gen/workload_list.o $(B)/peers/gen/direct_list.o $(call objects,\
	runners/common/sync_objects.c runners/blocking/sync.c runners/multithread/park.c)
$(B)/peers/openmp_peer: LIBS += -fopenmp $(NEEDS_LIBS)
$(B)/peers/openmp_peer: STATIC := # libgomp loads plug-ins
$(B)/peers/spawn_peer: $(B)/obj/workloads/spawn/kernel.o
$(B)/peers/queue_peer: $(B)/obj/workloads/pipeline/kernel.o $(LIB_OBJS)
$(FETCH_PEERS:%=$(B)/peers/%): $(B)/obj/tests/peers/fetch_peer.o \
	$(filter-out %/direct.o,$(call peer_kernels,fetch)) $(LIB_OBJS)
$(SERVE_PEERS:%=$(B)/peers/%): $(B)/obj/tests/peers/serve_peer.o \
	$(filter-out %/direct.o,$(call peer_kernels,serve)) $(NEEDS_SOURCES:.c=.o) $(LIB_OBJS) \
	$(call objects,runners/common/sync_objects.c)
$(SERVE_PEERS:%=$(B)/peers/%): LIBS += $(NEEDS_LIBS)
$(B)/bare/gen/%: NAMES := $(filter-out $(SHARED),$(BARE))
$(B)/bare/shared/gen/%: NAMES := $(filter $(SHARED),$(BARE))
# bare_objects NAMES,FOLDER: of these workloads, and their lists.
bare_objects = $(call objects,$(1:%=tests/peers/bare/%.c) tests/peers/bare/bare.c runners/direct/worker.c) \
	$(filter-out %/direct.o,$(call peer_kernels,common $(1))) \
	$(patsubst $(B)/gen/workload_list.o,$(B)/$(2)/gen/workload_list.o,$(COMMON_OBJS)) \
	$(B)/$(2)/gen/direct_list.o $(LIB_OBJS)
$(B)/peers/bare: $(call bare_objects,$(filter-out $(SHARED),$(BARE)),bare) $(NEEDS_SOURCES:.c=.o)
$(B)/peers/bare: LIBS += $(NEEDS_LIBS)
$(B)/peers/shared/bare: $(call bare_objects,$(filter $(SHARED),$(BARE)),bare/shared)
$(B)/peers/shared/bare: LIBS += $(SHARED_LIBS)
$(B)/peers/shared/bare: STATIC :=
# Coroutines beside Boost.Context (libboost-context-dev), where that is installed.
$(B)/peers/switch_bench: $(call objects,tests/peers/switch_ours.c tests/peers/switch_boost.c \
	$(wildcard $(addprefix runners/coroutine/,context*.c context*.S stack.c coroutine.c))) \
	$(LIB_OBJS)
$(B)/peers/switch_bench: LIBS += -lboost_context
$(patsubst %,$(B)/peers/%,$(filter-out $(BARE_FORMS),$(PEERS))): $(B)/peers/%: $(B)/obj/tests/peers/%.o
$(PEERS:%=$(B)/peers/%):
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(LIBS) -o $@,$@)

# ---- files that lie: libFuzzer on all that reads JSON ------------------------------------

.PHONY: fuzz
fuzz: #: try made-up JSON on all readers for FUZZ_SECONDS (60), with clang's libFuzzer
	@tests/fuzz/run --check
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=fuzz CC=clang STATIC= $(BUILD)/fuzz/fuzz
	@tests/fuzz/run $(BUILD)

$(BUILD)/fuzz/fuzz: $(call objects,tests/fuzz/fuzz.c) $(FUZZ_READERS) $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer $^ $(RUNNER_LIBS) -o $@,$@)

# ---- a server that is treated badly ------------------------------------------------------

.PHONY: serve-faults
serve-faults: runners #: ask each server REQUESTS (1m) times, with random faults in between
	@REQUESTS=$(or $(REQUESTS),1000000) RUNNERS=$(B)/bin tests/serve/campaign

# ---- what the harness itself costs -------------------------------------------------------

BENCHES := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*_bench.c))
.PHONY: harness benches
benches: $(B)/bin/quartet $(BENCHES) $(B)/bench/idle_runner #: build what measures the driver
$(BENCHES) $(B)/bench/idle_runner: $(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $^ $(RUNNER_LIBS) -o $@,$@)
harness: benches #: show what the driver costs beside the runs, and its statistics
	@tests/bench/harness_bench $(B)
