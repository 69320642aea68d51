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
TEST_SCRIPTS := tests/docs/commands.py tests/docs/references.py $(sort $(wildcard tests/*/*.bats tests/*/*/*.bats))
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

# Everything without a main(), from which the linker takes what a test program needs.
$(B)/tests/quartet.a: $(filter-out %/main.o $(BLOCKING_OBJS),$(LIB_OBJS) $(WORKLOAD_OBJS) \
		$(DIRECT_OBJS) $(COMMON_OBJS) $(LOOP_OBJS) $(DRIVER_OBJS) \
		$(call objects,$(wildcard runners/coroutine/*.c runners/coroutine/*.S)))
	$(call run,AR,rm -f $@ && $(AR) rcs $@ $(sort $^),$@)
$(TEST_PROGRAMS): $(B)/tests/%: $(B)/obj/tests/%.o $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(filter %.o,$^) $(B)/tests/quartet.a -lcmocka $(RUNNER_LIBS) -o $@,$@)
FUZZ_READERS := $(call objects,$(wildcard tests/fuzz/read_*.c))
$(B)/tests/fuzz/test_replay: $(FUZZ_READERS)

.PHONY: test test-run test-core test-programs test-runners core-programs lint honesty fairness transcripts
test-runners: runners $(TEST_RUNNERS)
test-programs: all injected test-runners $(TEST_PROGRAMS)
core-programs: test-runners $(CORE_PROGRAMS)

test: ## run all tests, installing what they need
	@scripts/install-deps --group test
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=release test-programs
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=asan core-programs
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=tsan core-programs
	@$(MAKE) --no-print-directory MODE=release test-run

# What takes longest begins first, and programs are last: they are short, so that neither
# CPU has nothing to do at the end.
test-run:
	@tests/run QUARTET_BUILD=$(BUILD)/tsan $(CORE_SCRIPTS) QUARTET_BUILD=$(BUILD)/asan $(CORE_SCRIPTS) \
		QUARTET_BUILD=$(B) $(TEST_SCRIPTS) $(TEST_PROGRAMS) \
		QUARTET_BUILD=$(BUILD)/asan $(CORE_PROGRAMS:$(B)/%=$(BUILD)/asan/%) \
		QUARTET_BUILD=$(BUILD)/tsan $(CORE_PROGRAMS:$(B)/%=$(BUILD)/tsan/%)

test-core: core-programs #: run contract, coroutines and small runs, in this MODE
	@tests/run QUARTET_BUILD=$(B) $(CORE_PROGRAMS) $(CORE_SCRIPTS)

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
.PHONY: injected planted campaign campaign-publish project-gate
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

project-gate: all #: 5 % in a repository of anybody: found within 3 minutes?
	@QUARTET_BUILD="$(B)" tests/campaign/project-gate

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
PEERS := ratio openmp_peer spawn_peer handover_peer queue_peer $(FETCH_PEERS) $(SERVE_PEERS) \
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
	$(filter-out %/direct.o,$(call peer_kernels,serve)) $(NEEDS_SOURCES:.c=.o) $(LIB_OBJS)
$(SERVE_PEERS:%=$(B)/peers/%): LIBS += $(NEEDS_LIBS)
# Coroutines beside Boost.Context (libboost-context-dev), where that is installed.
$(B)/peers/switch_bench: $(call objects,tests/peers/switch_ours.c tests/peers/switch_boost.c \
	$(wildcard $(addprefix runners/coroutine/,context*.c context*.S stack.c coroutine.c))) \
	$(LIB_OBJS)
$(B)/peers/switch_bench: LIBS += -lboost_context
$(PEERS:%=$(B)/peers/%): $(B)/peers/%: $(B)/obj/tests/peers/%.o
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
