# SPDX-License-Identifier: MIT
# Quartet: one non-recursive Makefile. All that is made lies below build/$(MODE)/. See `make help`.

VERSION := 0.1.0
MODE ?= release
MODELS := sequential multiprocess multithread coroutine eventloop

BUILD ?= build
B := $(BUILD)/$(MODE)
V ?= 0

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
# scripts/needs tries that. It says, too, which workloads are left out, since their libraries
# are not here, and which have runners of their own: the same ones in every MODE.
NEEDS_ERROR := $(shell CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' LIBS='$(LIBS)' \
	STATIC='$(if $(filter undefined,$(origin STATIC)),try,$(STATIC))' scripts/needs write $(B)/gen || echo failed)
ifneq ($(NEEDS_ERROR),)
$(error scripts/needs: $(NEEDS_ERROR))
endif
include $(B)/gen/needs.mk
STATIC ?= $(STATIC_$(MODE))
RUNNER_LIBS = $(NEEDS_LIBS) $(LIBS)

# ---- what consists of what ---------------------------------------------------------------

WORKLOAD_DIRS := $(filter-out $(patsubst %,workloads/%,$(LEFT_OUT) $(SHARED)),\
	$(patsubst %/workload.c,%,$(sort $(wildcard workloads/*/workload.c))))

objects = $(patsubst %,$(B)/obj/%.o,$(basename $(1)))

LIB_OBJS := $(call objects,$(wildcard lib/*.c lib/*/*.c))
# The rooms of runners/: for every runner, for those that block, for those with a loop.
COMMON_OBJS := $(call objects,$(wildcard runners/common/*.c)) \
	$(B)/gen/workload_list.o $(B)/gen/left_out.o
BLOCKING_OBJS := $(call objects,$(wildcard runners/blocking/*.c))
LOOP_OBJS := $(call objects,$(wildcard runners/loop/*.c))
# The same object files for every runner: this is what makes the work equal.
WORKLOAD_OBJS := $(call objects,$(filter-out %/direct.c %/events.c,\
	$(foreach dir,$(WORKLOAD_DIRS) workloads/common,$(wildcard $(dir)/*.c)))) $(NEEDS_SOURCES:.c=.o)
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
.PHONY: all runners tools lessons bench clean help FORCE
all: runners $(B)/bin/quartet tools lessons ## build all that is used (default)
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
$(B)/%.o: $(B)/%.c $(B)/gen/flags
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
	runners/coroutine/*.c runners/coroutine/*.S))) $(call objects,$(addprefix runners/common/,sync_objects.c accept_from.c)) \
	$(LOOP_OBJS) $(LIB_OBJS)

# Commands that answer one question each.
TOOLS := $(B)/bin/backends $(B)/bin/bytes-per-task
tools: $(TOOLS)
$(B)/bin/backends: $(call objects,tools/backends.c)
$(B)/bin/bytes-per-task: $(call objects,tools/bytes_per_task.c)
$(TOOLS): $(call objects,tools/runner_record.c driver/statistics/statistics.c driver/statistics/line.c) $(LIB_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(LIBS) -o $@,$@)

# Load from several hosts at one instant (docs/machines.md): wants Open MPI, and is part of nothing else.
MPICC ?= mpicc
.PHONY: mpi
mpi: $(B)/bin/quartet-mpi #: build quartet-mpi, where Open MPI is
$(B)/bin/quartet-mpi: tools/quartet_mpi.c $(LIB_OBJS)
	@command -v $(MPICC) >/dev/null || { echo "make mpi: $(MPICC) is missing (Debian: libopenmpi-dev openmpi-bin)" >&2; exit 1; }
	$(call run,LINK,$(MPICC) $(ALL_CPPFLAGS) $(JANSSON_CFLAGS) $(ALL_CFLAGS) $^ $(ALL_LDFLAGS) $(JANSSON_LIBS) -lm -o $@,$@)

# The kernel of primes for programs in other languages: lanes/python calls it.
KERNELS := $(B)/bin/quartet-kernels.so
tools: $(KERNELS)
$(KERNELS): tools/kernels.c workloads/primes/kernel.c workloads/primes/kernel.h workloads/workload.h $(B)/gen/flags
	$(call run,LINK,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fPIC -shared $(filter %.c,$^) -o $@,$@)

# The back end of fetch and the load of serve as programs, and the runner for everybody's commands.
HELPERS := $(B)/bin/quartet-backend $(B)/bin/quartet-command $(B)/bin/quartet-observe \
	$(if $(filter %/serve,$(WORKLOAD_DIRS)),$(B)/bin/quartet-load)
tools: $(HELPERS)
$(B)/bin/quartet-backend: $(call objects,tools/quartet_backend.c $(addprefix workloads/fetch/,backend.c \
	connection.c endpoint.c kernel.c server.c))
$(B)/bin/quartet-load: $(call objects,tools/quartet_load.c $(addprefix workloads/serve/,client.c h2load.c http.c \
	load.c message.c server.c site.c) runners/common/sync_objects.c) $(filter $(B)/gen/needs/serve_%,$(NEEDS_SOURCES:.c=.o))
$(B)/bin/quartet-observe: $(call objects,tools/quartet_observe.c driver/system/observe.c)
$(B)/bin/quartet-command: $(call objects,$(wildcard tools/*command*.c))
$(HELPERS): $(LIB_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $(STATIC) $^ $(RUNNER_LIBS) -o $@,$@)

# The programs of the course: the coroutine runtime without a runner, and not static, for valgrind.
LESSONS := $(patsubst docs/lessons/%.c,$(B)/lessons/%,$(wildcard docs/lessons/*.c))
lessons: $(LESSONS)
$(LESSONS): $(B)/lessons/%: $(B)/obj/docs/lessons/%.o $(LESSON_OBJS)
	$(call run,LINK,$(CC) $(ALL_LDFLAGS) $^ $(LIBS) -o $@,$@)

# ---- generated: the lists of workloads, and what this build is ---------------------------
# A file is only touched when its content changes, so that nothing is rebuilt for nothing. Where
# two makes run at a time, both write the same.

update = @if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@ 2>/dev/null || [ -e $@ ]; fi
NAMES := $(notdir $(WORKLOAD_DIRS))
LISTS := $(foreach folder,gen shared/gen tests/gen peers/gen bare/gen bare/shared/gen,$(foreach kind,workload direct events,\
	$(B)/$(folder)/$(kind)_list.c))
$(LISTS): scripts/workload-list FORCE
	@mkdir -p $(@D); scripts/workload-list $(@F:_list.c=) $(NAMES) $(TEST_NAMES) > $@.new
	$(update)
# The flags as a file: all is rebuilt when they change, but for -Werror: objects are the same.
$(B)/gen/flags: FORCE
	@mkdir -p $(@D); echo '$(CC) $(ALL_CPPFLAGS) $(filter-out -Werror,$(ALL_CFLAGS)) $(ALL_LDFLAGS) $(STATIC) $(NEEDS_LIBS)' > $@.new
	$(update)
$(B)/gen/build_info.h: FORCE
	@mkdir -p $(@D); { echo '// Generated by the Makefile.'; \
	echo '#define QUARTET_VERSION "$(VERSION)"'; \
	echo "#define QUARTET_COMMIT \"$$(git describe --always --dirty 2>/dev/null || echo unknown)\""; \
	echo "#define QUARTET_COMPILER \"$$($(CC) --version | head -n 1)\""; \
	echo '#define QUARTET_FLAGS "$(filter-out -Werror,$(ALL_CFLAGS))"'; \
	echo '#define QUARTET_LIBEV "$(LIBEV_VERSION)"'; \
	echo '#define QUARTET_MODE "$(MODE)"'; } > $@.new
	$(update)
FORCE:

# Needed before a .d file says so.
$(call objects,runners/common/help.c runners/common/main.c runners/common/record.c \
	tools/quartet_command.c $(wildcard driver/*.c driver/*/*.c)): | $(B)/gen/build_info.h

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- for people --------------------------------------------------------------------------

# On all CPUs, unless the user has said how many jobs there may be.
PARALLEL = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

bench: ## compare the four models: dependencies, build, quick profile, table
	@scripts/install-deps --group bench
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@scripts/quartet run --profile quick

clean: ## remove build/
	rm -rf "$(BUILD)"

OTHER_PARTS := scripts/shared.mk scripts/trace.mk scripts/install.mk $(wildcard tests/tests.mk)
help: ## print this
	@echo 'make [MODE=release|debug|asan|tsan] [V=1] [WERROR=1] [CC=clang] TARGET'
	@awk -f scripts/make-help.awk Makefile $(OTHER_PARTS)
include $(OTHER_PARTS)
