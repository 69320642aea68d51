# SPDX-License-Identifier: MIT
#
# Traced runners, $(B)/bin/traced: who ran when, for `quartet trace`. They consist of the
# object files of the timed ones and of runners/trace/; the linker puts the functions that
# are defined there by WRAP(...) round the verbs. The rules of timed runners know nothing of
# this. The Makefile includes this file; TRACED= leaves it out.

TRACED ?= $(MODELS)
TRACED_RUNNERS := $(TRACED:%=$(B)/bin/traced/%) $(if $(SHARED),$(TRACED:%=$(B)/bin/traced/shared/%))
runners: $(TRACED_RUNNERS)

TRACE_PARTS := lanes file wrap_run
TRACE_PARTS_DIRECT := wrap_direct
TRACE_PARTS_multithread := wrap_direct wrap_multithread
TRACE_PARTS_coroutine := wrap_direct wrap_executor table
TRACE_PARTS_eventloop := wrap_eventloop wrap_waiters wrap_executor table
trace_sources = $(patsubst %,runners/trace/%.c,$(TRACE_PARTS) \
	$(or $(TRACE_PARTS_$(1)),$(TRACE_PARTS_DIRECT)))

# WRAP(type, name, ...) or VERB(why, name, ...) or VERB(why, type, name, ...)
trace_wraps = $(shell awk -f scripts/trace-wraps.awk $(call trace_sources,$(1)))

define traced_rule
$(B)/bin/traced/$(1): $$(call model_objects,$(1)) $$(call objects,$$(call trace_sources,$(1))) scripts/trace-wraps.awk
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(STATIC) $$(call trace_wraps,$(1)) $$(filter %.o,$$^) $$(RUNNER_LIBS) -o $$@,$$@)
$(B)/bin/traced/shared/$(1): $$(call shared_objects,$(1)) $$(call objects,$$(call trace_sources,$(1))) scripts/trace-wraps.awk
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) $$(call trace_wraps,$(1)) $$(filter %.o,$$^) $$(SHARED_LIBS) $$(LIBS) -o $$@,$$@)
endef
$(foreach model,$(TRACED),$(eval $(call traced_rule,$(model))))
