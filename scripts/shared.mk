# SPDX-License-Identifier: MIT
#
# Runners for workloads whose library has no form for static linking (scripts/needs finds
# that out): every model once more, in $(B)/bin/shared, linked dynamically with that library
# alone, from the same object files and by one rule. A runner of $(B)/bin hands such a
# workload over to the one of its own name there. The Makefile includes this file.

SHARED_RUNNERS := $(if $(SHARED),$(MODELS:%=$(B)/bin/shared/%))
runners: $(SHARED_RUNNERS)

shared_sources = $(filter-out $(if $(filter %/events_list.o,$(STYLE_$(1))),%/direct.c,%/events.c),\
	$(wildcard $(patsubst %,workloads/%/*.c,$(SHARED) common)))
# Other workloads and the list of them are left out.
shared_objects = $(filter-out $(B)/obj/workloads/% $(B)/gen/needs/%,$(patsubst \
	$(B)/gen/%_list.o,$(B)/shared/gen/%_list.o,$(model_objects))) \
	$(call objects,$(shared_sources))
$(B)/shared/gen/%: NAMES = $(SHARED)

define shared_rule
$(B)/bin/shared/$(1): $$(call shared_objects,$(1))
	$$(call run,LINK,$$(CC) $$(ALL_LDFLAGS) -Wl$$(comma)-Map=$$@.map $$^ $$(SHARED_LIBS) $$(LIBS) -o $$@,$$@)
	@$$@ --describe >$$@.json 2>/dev/null || rm -f $$@.json # see runners/common/shared_form.c
endef
$(foreach model,$(MODELS),$(eval $(call shared_rule,$(model))))
