# SPDX-License-Identifier: MIT
#
# `make install`, `make uninstall`, `make dist`, `make package` and `make package-check`. The Makefile includes it.

.PHONY: install uninstall dist package package-check
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
PYTHON_LANES := asyncio gevent multiprocessing threading uvloop
DRIVER_COMMANDS = $(shell $(B)/bin/quartet help | sed -n '/^Commands:/,/^$$/s/^  \([a-z]*\) .*/\1/p')

install: all ## install below $(DESTDIR)$(PREFIX)
	$(INSTALL) -d "$(TO)/bin" "$(TO)/libexec/quartet" "$(TO)/share/quartet/schemas" \
		"$(TO)/share/quartet/profiles" "$(TO)/share/quartet/claims/python" \
		"$(TO)/share/quartet/docs/lessons/questions" "$(TO)/share/man/man1"
	$(INSTALL) -m 755 $(B)/bin/quartet "$(TO)/bin/quartet"
	$(INSTALL) -m 755 $(RUNNERS) $(HELPERS) $(KERNELS) "$(TO)/libexec/quartet/"
	$(if $(SHARED),$(INSTALL) -D -m 755 -t "$(TO)/libexec/quartet/shared" $(SHARED_RUNNERS))
	$(INSTALL) -D -m 755 -t "$(TO)/libexec/quartet/traced" $(TRACED:%=$(B)/bin/traced/%)
	$(if $(SHARED),$(INSTALL) -D -m 755 -t "$(TO)/libexec/quartet/traced/shared" $(TRACED:%=$(B)/bin/traced/shared/%))
	$(INSTALL) -m 644 $(wildcard results/schemas/*.json) "$(TO)/share/quartet/schemas/"
	$(INSTALL) -m 644 $(wildcard driver/plan/profiles/*.json) "$(TO)/share/quartet/profiles/"
	$(INSTALL) -m 644 $(wildcard claims/*.json) "$(TO)/share/quartet/claims/"
	$(INSTALL) -m 644 $(wildcard docs/lessons/questions/*.json) "$(TO)/share/quartet/docs/lessons/questions/"
	$(INSTALL) -m 644 $(wildcard claims/python/*.py) "$(TO)/share/quartet/claims/python/"
	$(INSTALL) -D -m 755 -t "$(TO)/share/quartet/ci" docs/ci/gate.sh docs/ci/cached-build.sh docs/ci/comment.py
	$(INSTALL) -D -m 644 -t "$(TO)/share/quartet/lanes/python" $(wildcard lanes/python/*.py)
	$(foreach tasks,blocking coroutines,$(INSTALL) -D -m 644 -t \
		"$(TO)/share/quartet/lanes/python/$(tasks)" $(wildcard lanes/python/$(tasks)/*.py) &&) true
	$(INSTALL) -m 755 $(PYTHON_LANES:%=lanes/python/%) "$(TO)/share/quartet/lanes/python/"
	$(foreach file,$(COMPLETIONS),$(call install_completion,$(file)))
	$(call install_page,$(B)/bin/quartet help --man,quartet)
	$(foreach name,$(DRIVER_COMMANDS),$(call install_page,$(B)/bin/quartet help --man $(name),quartet-$(name)))
	$(foreach name,$(MODELS),$(call install_page,$(B)/bin/$(name) --man,quartet-$(name)))

uninstall: ## remove what install has installed
	rm -f "$(TO)/bin/quartet" "$(TO)/share/man/man1/quartet.1" "$(TO)/share/man/man1"/quartet-*.1
	rm -rf "$(TO)/libexec/quartet" "$(TO)/share/quartet"
	rm -f $(foreach file,$(COMPLETIONS),$(call completion_file,$(file)))

# The same bytes from the same commit, whoever makes it and when: names and times are git's.
DIST := $(BUILD)/dist/quartet-$(VERSION)

dist: #: pack the last commit as build/dist/quartet-VERSION.tar.gz
	@git rev-parse --quiet --verify HEAD >/dev/null || { echo "make dist: this is no git repository, or it has no commit" >&2; exit 1; }
	@git diff --quiet HEAD || echo "make dist: what is not committed is left out" >&2
	@mkdir -p $(dir $(DIST))
	@TZ=UTC git -c tar.umask=0022 archive --format=tar --prefix=quartet-$(VERSION)/ HEAD > $(DIST).tar.new
	@gzip -n -9 < $(DIST).tar.new > $(DIST).tar.gz.new
	@rm $(DIST).tar.new && mv $(DIST).tar.gz.new $(DIST).tar.gz
	@cd $(dir $(DIST)) && sha256sum quartet-$(VERSION).tar.gz

package: dist #: build the Debian packages from that tarball, into build/dist
	@command -v dpkg-buildpackage dh >/dev/null || { echo "make package: install dpkg-dev and debhelper" >&2; exit 1; }
	@rm -rf $(DIST) && tar -xzf $(DIST).tar.gz -C $(dir $(DIST))
	cd $(DIST) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD -u MODE dpkg-buildpackage -us -uc -b
	@rm -rf $(DIST)

package-check: package #: try the packages in a bare Debian root, and remove them (wants root, debootstrap, lintian)
	@scripts/package-check --packages "$(abspath $(BUILD)/dist)"
