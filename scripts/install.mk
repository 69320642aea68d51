# SPDX-License-Identifier: MIT
#
# `make install` and `make uninstall`. The Makefile includes it.

.PHONY: install uninstall
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
	$(INSTALL) -m 755 $(RUNNERS) $(HELPERS) "$(TO)/libexec/quartet/"
	$(if $(SHARED),$(INSTALL) -D -m 755 -t "$(TO)/libexec/quartet/shared" $(SHARED_RUNNERS))
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
