# The page that plays scripts in a browser: included by the Makefile
# after lab.mk.
#
#	wasm/		uepoll and its scripts, for WebAssembly
#	page/		the page: one module a concern
#	puzzles/	the scripts of guess mode
#
# `make explorer` builds inside/explorer/epoll.html: one file, which needs no
# other. It takes clang, lld, wasi-libc and libclang-rt-dev-wasm32.

EXPLORER = inside/explorer
EXPLORER_OUT = $(TOP)/build/explorer
WASM_CC = clang --target=wasm32-wasi
WASM_CFLAGS = -Os -std=c11 $(WARN) -fvisibility=hidden -mexec-model=reactor
WASM_LDFLAGS = -Wl,--strip-all -Wl,--gc-sections -Wl,-z,stack-size=1048576 \
	-lc-printscan-no-floating-point \
	-Wl,--export=explorer_room -Wl,--export=explorer_load \
	-Wl,--export=explorer_step -Wl,--export=explorer_usage
WASM_INCLUDES = -I$(EXPLORER)/wasm/include -I$(EXPLORER_OUT)/include \
	-I$(EXPLORER)/wasm $(CPPFLAGS)
WASM_SRCS = $(addprefix $(EXPLORER)/wasm/, explorer.c error_names.c) \
	$(addsuffix .c,$(UEPOLL_PLAY) $(UEPOLL_SCOPE))

# libbsd's lists and trees are headers only.
$(EXPLORER_OUT)/explorer.wasm: $(WASM_SRCS) $(wildcard uepoll.h \
		inside/*/*.h $(EXPLORER)/wasm/*.h $(EXPLORER)/wasm/include/*.h)
	@mkdir -p $(@D)/include
	@ln -sfn /usr/include/bsd $(@D)/include/bsd
	$(call say,WASM,$@)
	$(Q)$(WASM_CC) $(WASM_CFLAGS) $(WASM_INCLUDES) $(WASM_LDFLAGS) -o $@ \
		$(WASM_SRCS)

# In the order of their imports.
EXPLORER_MODULES = dom engine words frames tree layout draw motion describe \
	stories state timeline now guess whatif share editor minute player main
EXPLORER_JS = $(EXPLORER_MODULES:%=$(EXPLORER)/page/%.js)
EXPLORER_UEP = $(wildcard inside/scope/*.uep $(EXPLORER)/puzzles/*.uep)

$(EXPLORER_OUT)/SCRIPT: $(EXPLORER)/bundle.awk $(EXPLORER_JS)
	@mkdir -p $(@D)
	$(Q)awk -f $(EXPLORER)/bundle.awk $(EXPLORER_JS) >$@

$(EXPLORER_OUT)/WASM: $(EXPLORER_OUT)/explorer.wasm
	$(Q)base64 <$< >$@

$(EXPLORER_OUT)/STORIES: $(EXPLORER)/stories.sh $(EXPLORER_UEP) $(B)/epoll-scope
	@mkdir -p $(@D)
	$(Q)sh $(EXPLORER)/stories.sh $(B)/epoll-scope inside/scope \
		$(EXPLORER)/puzzles >$@

$(EXPLORER)/epoll.html: $(EXPLORER)/page.sh $(wildcard $(EXPLORER)/page/*) \
		$(addprefix $(EXPLORER_OUT)/, SCRIPT WASM STORIES)
	$(call say,PAGE,$@)
	$(Q)sh $(EXPLORER)/page.sh $(EXPLORER_OUT) $(EXPLORER)/page >$@

explorer: $(EXPLORER)/epoll.html
.PHONY: explorer

# For checks/explorer/: random scripts, and what is made of them here.
$(B)/explorer-record: $(B)/checks/explorer/record.o \
		$(addprefix $(B)/, $(addsuffix .o, inside/fuzz/fuzz_generate \
		$(UEPOLL_PLAY) $(UEPOLL_SCOPE))) $(COMMON_LIB)
	$(link)
explorer-record: $(B)/explorer-record
.PHONY: explorer-record
