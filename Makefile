# SPDX-License-Identifier: MIT
#
# Quartet: one non-recursive Makefile. Everything that is made lies below
# build/$(MODE)/. `make help` lists the targets.

VERSION := 0.1.0
MODE ?= release
MODELS := sequential multiprocess multithread coroutine eventloop
TEST_WORKLOAD_DIRS := tests/contract tests/sync

BUILD ?= build
B := $(BUILD)/$(MODE)
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

# ---- flags: one compile rule for everything; the user's CFLAGS come last -----------------

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wdouble-promotion \
	-Wcast-qual -Wimplicit-fallthrough $(if $(WERROR),-Werror)
FLAGS_release := -O2 -g
FLAGS_debug := -O0 -g3
FLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer
FLAGS_tsan := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
# For `make fuzz`, by clang alone.
FLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -fno-omit-frame-pointer
ifeq ($(FLAGS_$(MODE)),)
$(error MODE=$(MODE): choose one of release, debug, asan, tsan)
endif

# -ffp-contract=off: the same bits from every compiler and on every CPU.
ALL_CFLAGS = -std=c17 -pthread -ffp-contract=off $(WARNINGS) $(FLAGS_$(MODE)) $(CFLAGS)
ALL_CPPFLAGS = -D_POSIX_C_SOURCE=200809L -I. -I$(B)/gen $(NEEDS_CPPFLAGS) $(CPPFLAGS)
# -z now: symbols are resolved once, at the start, and not in each forked child anew.
ALL_LDFLAGS = -pthread -Wl,-z,now $(FLAGS_$(MODE)) $(LDFLAGS)

PKG_CONFIG ?= pkg-config
JANSSON_CFLAGS := $(shell $(PKG_CONFIG) --cflags jansson 2>/dev/null)
JANSSON_LIBS := $(shell $(PKG_CONFIG) --libs jansson 2>/dev/null || echo -ljansson)
EV_LIBS := -lev # libev comes without a pkg-config file
LIBEV_VERSION := $(shell printf '\043include <ev.h>\nVERSION EV_VERSION_MAJOR EV_VERSION_MINOR\n' | \
	$(CC) -E -P - 2>/dev/null | sed -n 's/^VERSION \([0-9]*\) \([0-9]*\)$$/\1.\2/p')
LIBS := $(EV_LIBS) $(JANSSON_LIBS) -lm

# Release runners are linked statically, all of them and where the libraries allow it:
# fork() copies the table of mappings, and a static program has a third as many. Tools
# that replace functions at load time (valgrind, sanitizers) want the other modes.
STATIC_release := $(shell printf 'int main(void) { return 0; }\n' | $(CC) -static -x c - $(LIBS) -o /dev/null \
	2>/dev/null && echo -static)
STATIC ?= $(STATIC_$(MODE))

# Workloads whose libraries are not here are left out; scripts/needs says which, and what
# the others are built with. All runners get the same, whatever workload they run.
NEEDS_ERROR := $(shell CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' STATIC='$(STATIC)' LIBS='$(LIBS)' \
	scripts/needs write $(B)/gen || echo failed)
ifneq ($(NEEDS_ERROR),)
$(error scripts/needs: $(NEEDS_ERROR))
endif
include $(B)/gen/needs.mk
RUNNER_LIBS = $(NEEDS_LIBS) $(LIBS)

# ---- what consists of what ---------------------------------------------------------------

WORKLOAD_DIRS := $(filter-out $(LEFT_OUT:%=workloads/%),\
	$(patsubst %/workload.c,%,$(sort $(wildcard workloads/*/workload.c))))

objects = $(patsubst %,$(B)/obj/%.o,$(basename $(1)))

LIB_OBJS := $(call objects,$(wildcard lib/*.c))
# The rooms of runners/: for every runner, for those that block, for those with a loop.
COMMON_OBJS := $(call objects,$(wildcard runners/common/*.c)) \
	$(B)/gen/workload_list.o $(B)/gen/left_out.o
BLOCKING_OBJS := $(call objects,$(wildcard runners/blocking/*.c))
LOOP_OBJS := $(call objects,$(wildcard runners/loop/*.c))
# The same object files for every runner: this is what makes the work equal.
WORKLOAD_OBJS := $(call objects,$(filter-out %/direct.c %/events.c,\
	$(foreach dir,$(WORKLOAD_DIRS),$(wildcard $(dir)/*.c)))) $(NEEDS_SOURCES:.c=.o)
DIRECT_OBJS := $(call objects,$(wildcard $(WORKLOAD_DIRS:%=%/direct.c) runners/direct/*.c)) \
	$(B)/gen/direct_list.o
EVENTS_OBJS := $(call objects,$(wildcard $(WORKLOAD_DIRS:%=%/events.c))) \
	$(B)/gen/events_list.o

# How tasks are written for a model, and how it waits. A model that is not named here
# runs direct code on blocking system calls.
STYLE_BLOCKING := $(DIRECT_OBJS) $(BLOCKING_OBJS)
STYLE_coroutine := $(DIRECT_OBJS) $(LOOP_OBJS)
STYLE_eventloop := $(EVENTS_OBJS) $(LOOP_OBJS)

model_objects = $(call objects,$(wildcard runners/$(1)/*.c runners/$(1)/*.S)) \
	$(or $(STYLE_$(1)),$(STYLE_BLOCKING)) $(COMMON_OBJS) $(WORKLOAD_OBJS) $(LIB_OBJS)

DRIVER_OBJS := $(call objects,$(wildcard driver/*.c driver/*/*.[cS])) $(LIB_OBJS)

RUNNERS := $(MODELS:%=$(B)/bin/%)

.DEFAULT_GOAL := all
.PHONY: all runners help bench clean distclean install uninstall FORCE
all: runners $(B)/bin/quartet tools lessons ## build runners, the driver, tools and lessons (default)
runners: $(RUNNERS)

# ---- rules -------------------------------------------------------------------------------

define run
	@$(if $(filter 1,$(V)),echo '$(2)',printf '  %-7s %s\n' '$(1)' '$(3)')
	@mkdir -p $(dir $(3))
	@$(2)
endef

$(B)/obj/%.o: %.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(JANSSON_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@,$@)
$(B)/obj/%.o: %.S $(B)/gen/flags
	$(call run,AS,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@,$@)
$(B)/gen/%.o: $(B)/gen/%.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@,$@)
$(B)/peers/gen/%.o: $(B)/peers/gen/%.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@,$@)
$(B)/tests/gen/%.o: $(B)/tests/gen/%.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c $< -o $@,$@)

define runner_rule
$(B)/bin/$(1): $$(call model_objects,$(1))
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) -Wl$$(comma)-Map=$$@.map $$^ $$(RUNNER_LIBS) -o $$@,$$@)
endef
comma := ,
$(foreach model,$(MODELS),$(eval $(call runner_rule,$(model))))

$(B)/obj/driver/plan/profiles.o: $(wildcard driver/plan/profiles/*.json)
$(B)/bin/quartet: $(DRIVER_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $^ $(JANSSON_LIBS) -lm -o $@,$@)

LESSON_OBJS := $(filter-out %/model.o %/verbs.o,$(call objects,$(wildcard \
	runners/coroutine/*.c runners/coroutine/*.S))) $(call objects,runners/common/sync_objects.c) \
	$(LOOP_OBJS) $(LIB_OBJS)

# Commands that answer one question each; scripts/ and the course call them.
TOOLS := $(B)/bin/backends $(B)/bin/bytes-per-task
.PHONY: tools
tools: $(TOOLS)
$(B)/bin/backends: $(call objects,tools/backends.c)
$(B)/bin/bytes-per-task: $(call objects,tools/bytes_per_task.c)
$(TOOLS): $(call objects,tools/runner_record.c driver/statistics/statistics.c driver/statistics/line.c) $(LIB_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(LIBS) -o $@,$@)

# The back end of fetch as a program: the server's objects of the runners, and a main().
BACKEND := $(B)/bin/quartet-backend
tools: $(BACKEND)
$(BACKEND): $(call objects,tools/quartet_backend.c $(addprefix workloads/fetch/,backend.c \
	connection.c endpoint.c kernel.c server.c)) $(LIB_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(LIBS) -o $@,$@)

# The small programs of the course (docs/lessons/): the coroutine runtime without a runner.
# Linked dynamically, so that valgrind can look at them.
LESSONS := $(patsubst docs/lessons/%.c,$(B)/lessons/%,$(wildcard docs/lessons/*.c))
.PHONY: lessons
lessons: $(LESSONS)
$(LESSONS): $(B)/lessons/%: $(B)/obj/docs/lessons/%.o $(LESSON_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $^ $(LIBS) -o $@,$@)

# ---- generated: the lists of workloads, and what this build is ---------------------------
# A file is only touched when its content changes, so that nothing is rebuilt for nothing.

NAMES := $(notdir $(WORKLOAD_DIRS))
$(B)/tests/gen/%: TEST_NAMES := $(notdir $(TEST_WORKLOAD_DIRS))

$(B)/gen/workload_list.c $(B)/tests/gen/workload_list.c $(B)/peers/gen/workload_list.c: FORCE
	@mkdir -p $(@D); { echo '#include "workloads/workload.h"'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "extern const struct workload $${n}_workload;"; done; \
	echo 'const struct workload *const workload_list[] = {'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "    &$${n}_workload,"; done; echo '    NULL};'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/gen/direct_list.c $(B)/tests/gen/direct_list.c $(B)/peers/gen/direct_list.c: FORCE
	@mkdir -p $(@D); { echo '#include "runners/direct.h"'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "direct_code $${n}_direct;"; done; \
	echo 'const struct direct_entry direct_list[] = {'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "    {\"$$n\", $${n}_direct},"; done; echo '    {NULL, NULL}};'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/gen/events_list.c $(B)/tests/gen/events_list.c: FORCE
	@mkdir -p $(@D); { echo '#include "runners/events.h"'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "extern const struct events_code $${n}_events;"; done; \
	echo 'const struct events_entry events_list[] = {'; \
	for n in $(NAMES) $(TEST_NAMES); do echo "    {\"$$n\", &$${n}_events},"; done; echo '    {NULL, NULL}};'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
# The flags as a file: everything is rebuilt when they change.
$(B)/gen/flags: FORCE
	@mkdir -p $(@D); echo '$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(STATIC) $(NEEDS_LIBS)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(B)/gen/build_info.h: FORCE
	@mkdir -p $(@D); { echo '// Generated by the Makefile.'; \
	echo '#define QUARTET_VERSION "$(VERSION)"'; \
	echo "#define QUARTET_COMMIT \"$$(git describe --always --dirty 2>/dev/null || echo unknown)\""; \
	echo "#define QUARTET_COMPILER \"$$($(CC) --version | head -n 1)\""; \
	echo '#define QUARTET_FLAGS "$(strip $(ALL_CFLAGS) $(STATIC))"'; \
	echo '#define QUARTET_LIBEV "$(LIBEV_VERSION)"'; \
	echo '#define QUARTET_MODE "$(MODE)"'; } > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
FORCE:

# Sources that include the generated header need it before their .d file exists.
$(call objects,runners/common/help.c runners/common/main.c runners/common/record.c \
	$(wildcard driver/*.c driver/*/*.c)): | $(B)/gen/build_info.h

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- tests -------------------------------------------------------------------------------
# tests/*/test_*.c are programs of cmocka, tests/*/*.bats scripts; tests/run counts the
# cases of all. $(B)/tests/bin/ holds the runners once more, from the same objects, with
# the workloads of $(TEST_WORKLOAD_DIRS) linked in as well.

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

.PHONY: test test-run test-core test-programs core-programs lint honesty fairness transcripts
test-programs: all injected $(TEST_RUNNERS) $(TEST_PROGRAMS)
core-programs: runners $(TEST_RUNNERS) $(CORE_PROGRAMS)

# On all CPUs, unless the user has said how many jobs there may be.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

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

test-core: core-programs ## run contract, coroutines and small runs, in this MODE
	@tests/run QUARTET_BUILD=$(B) $(CORE_PROGRAMS) $(CORE_SCRIPTS)

lint: ## formats, warnings of two compilers, static analysis, scripts
	@scripts/lint

honesty: $(RUNNERS) ## no writable globals, no flags per runner, no words that lie
	@scripts/honesty checks $(B)
	@scripts/check-style

fairness: $(RUNNERS) ## print which runner links which object file, with its sha256
	@LINK='$(CC) $(ALL_LDFLAGS) $(STATIC)' LIBS='$(RUNNER_LIBS)' scripts/honesty fairness $(B)

transcripts: $(RUNNERS) $(B)/bin/quartet ## write what --help says into tests/cli/expected
	@tests/cli/transcript --update $(B)

# ---- faults that the gate must find: runners with tests/inject/inject.c linked in --------
# `quartet selftest` uses slow and crash; the percentages are for longer campaigns.

INJECT_slow := -DINJECT_PERCENT=200
INJECT_slow5 := -DINJECT_PERCENT=5
INJECT_slow1 := -DINJECT_PERCENT=1
INJECT_crash := -DINJECT_CRASH
INJECTED ?= slow crash

define injected_rule
$(B)/obj/tests/inject/$(1).o: tests/inject/inject.c $(B)/gen/flags
	$$(call run,CC,$$(CC) $$(ALL_CPPFLAGS) $(INJECT_$(1)) $$(ALL_CFLAGS) -MMD -MP -c $$< -o $$@,$$@)
$(foreach model,$(MODELS),$(B)/injected/$(1)/$(model)): $(B)/injected/$(1)/%: $(B)/bin/% \
		$(B)/obj/tests/inject/$(1).o
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) $$(call model_objects,$$*) \
		$(B)/obj/tests/inject/$(1).o $$(RUNNER_LIBS) -o $$@,$$@)
endef
$(foreach kind,slow slow5 slow1 crash,$(eval $(call injected_rule,$(kind))))
injected_runners = $(foreach kind,$(1),$(MODELS:%=$(B)/injected/$(kind)/%))
.PHONY: injected campaign campaign-publish
injected: $(call injected_runners,$(INJECTED)) ## build what `quartet selftest` needs

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
links: $(foreach number,$(LINK_NUMBERS),$(MODELS:%=$(B)/links/$(number)/%)) ## link each runner in LINKS orders, for the gate

.PHONY: simulate
simulate: $(B)/tests/driver/statistics/test_simulation ## how often the gate is right, on simulated machines: minutes
	@$< --table

# An hour or two on a quiet machine; CAMPAIGN='--hours 1' or what else the script takes.
campaign: all $(call injected_runners,slow5 slow1) ## the real gate, many times: is it right? continues
	@scripts/install-deps --group test
	@tests/campaign/run --build $(B) --state $(BUILD)/campaign $(CAMPAIGN)

campaign-publish: ## put the table of that campaign into docs/gate.md
	@tests/campaign/run --state $(BUILD)/campaign --table >/dev/null
	$(INSTALL) -d results/reference
	$(INSTALL) -m 644 $(BUILD)/campaign/campaign.json results/reference/campaign.json
	@scripts/update-readme --only tests/campaign/run docs/gate.md

# ---- peers: what one would write without this project, to be compared with ---------------
# tests/peers/*_bench run them beside the runners; ratio does the comparing.

peer_kernels = $(call objects,$(foreach name,$(1),$(filter-out %/events.c,\
	$(wildcard workloads/$(name)/*.c))))
FETCH_PEERS := fetch_epoll fetch_pthread fetch_fork
SERVE_PEERS := $(if $(filter serve,$(LEFT_OUT)),,serve_epoll serve_pthread)
PEERS := ratio openmp_peer spawn_peer handover_peer queue_peer $(FETCH_PEERS) $(SERVE_PEERS) \
	$(if $(wildcard /usr/include/boost/context/detail/fcontext.hpp),switch_bench)
.PHONY: peers
peers: runners $(PEERS:%=$(B)/peers/%) ## build the programs that the runners are compared with

$(B)/obj/tests/peers/openmp_peer.o: tests/peers/openmp_peer.c $(B)/gen/flags
	$(call run,CC,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fopenmp -MMD -MP -c $< -o $@,$@)
OPENMP_WORKLOADS := $(filter-out $(LEFT_OUT),primes mandelbrot matmul compress wordcount)
$(B)/peers/gen/%: NAMES := $(OPENMP_WORKLOADS)
$(B)/peers/openmp_peer: $(call peer_kernels,$(OPENMP_WORKLOADS)) $(LIB_OBJS) \
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
fuzz: ## try made-up JSON on all readers for FUZZ_SECONDS (60), with clang's libFuzzer
	@tests/fuzz/run --check
	@$(MAKE) --no-print-directory $(PARALLEL) MODE=fuzz CC=clang STATIC= $(BUILD)/fuzz/fuzz
	@tests/fuzz/run $(BUILD)

$(BUILD)/fuzz/fuzz: $(call objects,tests/fuzz/fuzz.c) $(FUZZ_READERS) $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer $^ $(RUNNER_LIBS) -o $@,$@)

# ---- what the harness itself costs -------------------------------------------------------

BENCHES := $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/*_bench.c))
.PHONY: harness benches
benches: $(B)/bin/quartet $(BENCHES) $(B)/bench/idle_runner ## build what measures the driver
$(BENCHES) $(B)/bench/idle_runner: $(B)/bench/%: $(B)/obj/tests/bench/%.o $(B)/tests/quartet.a
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $^ $(RUNNER_LIBS) -o $@,$@)
harness: benches ## show what the driver costs beside the runs, and its statistics
	@tests/bench/harness_bench $(B)

# ---- for people --------------------------------------------------------------------------

bench: ## compare the four models: dependencies, build, quick profile, table
	@scripts/install-deps --group bench
	@$(MAKE) --no-print-directory all
	@scripts/quartet run --profile quick

clean: ## remove build/
	rm -rf "$(BUILD)"

help: ## print this
	@echo 'make [MODE=release|debug|asan|tsan] [V=1] [WERROR=1] [CC=clang] TARGET'
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-12s %s\n", $$1, $$2}' Makefile

# ---- install -----------------------------------------------------------------------------

PREFIX ?= /usr/local
INSTALL ?= install

# Quoted: a name with a blank in it must not be two names, least of all to rm.
TO := $(DESTDIR)$(PREFIX)

# A shell, and where it looks for what completes the words of a command.
COMPLETIONS := bash:bash-completion/completions/quartet zsh:zsh/site-functions/_quartet \
	fish:fish/vendor_completions.d/quartet.fish
completion_file = "$(TO)/share/$(lastword $(subst :, ,$(1)))"
define install_completion
	$(INSTALL) -d "$$(dirname $(completion_file))"
	$(B)/bin/quartet completion $(firstword $(subst :, ,$(1))) > $(completion_file)

endef

# Man pages come from the texts of --help: quartet(1), a page for each command and runner.
define install_page
	$(1) > "$(TO)/share/man/man1/$(2).1"

endef
DRIVER_COMMANDS = $(shell $(B)/bin/quartet help | sed -n '/^Commands:/,/^$$/s/^  \([a-z]*\) .*/\1/p')

install: all ## install below $(DESTDIR)$(PREFIX)
	$(INSTALL) -d "$(TO)/bin" "$(TO)/libexec/quartet" "$(TO)/share/quartet/schemas" \
		"$(TO)/share/quartet/profiles" "$(TO)/share/man/man1"
	$(INSTALL) -m 755 $(B)/bin/quartet "$(TO)/bin/quartet"
	$(INSTALL) -m 755 $(RUNNERS) $(BACKEND) "$(TO)/libexec/quartet/"
	$(INSTALL) -m 644 $(wildcard results/schemas/*.json) "$(TO)/share/quartet/schemas/"
	$(INSTALL) -m 644 $(wildcard driver/plan/profiles/*.json) "$(TO)/share/quartet/profiles/"
	$(foreach file,$(COMPLETIONS),$(call install_completion,$(file)))
	$(call install_page,$(B)/bin/quartet help --man,quartet)
	$(foreach name,$(DRIVER_COMMANDS),$(call install_page,$(B)/bin/quartet help --man $(name),quartet-$(name)))
	$(foreach name,$(MODELS),$(call install_page,$(B)/bin/$(name) --man,quartet-$(name)))

uninstall: ## remove what install has installed
	rm -f "$(TO)/bin/quartet" "$(TO)/share/man/man1/quartet.1" "$(TO)/share/man/man1"/quartet-*.1
	rm -rf "$(TO)/libexec/quartet" "$(TO)/share/quartet"
	rm -f $(foreach file,$(COMPLETIONS),$(call completion_file,$(file)))
