# What of lab 04 is uepoll's: included by the Makefile before lab.mk.

UEPOLL_SIM = uwait ufile ustream upipe ucounter usys uepoll uepoll_base
UEPOLL_PLAY = $(UEPOLL_SIM) uepoll_script uepoll_text uepoll_world
UEPOLL_BOTH = $(UEPOLL_PLAY) uepoll_kernel uepoll_threads uepoll_inject \
	uepoll_fdinfo

PROGRAMS += epoll-scope fuzz-uepoll uepoll-cost
epoll-scope = scope scope_state scope_draw scope_tree scope_json $(UEPOLL_BOTH)
fuzz-uepoll = fuzz_uepoll fuzz_case fuzz_generate $(UEPOLL_BOTH)
uepoll-cost = uepoll_cost $(UEPOLL_SIM)

DRIVERS += uepoll-driver
uepoll-driver = $(UEPOLL_PLAY)

# epoll-scope --json; nobody else is made to load it.
LDLIBS += -Wl,--as-needed -ljansson

# make fuzz-uepoll: the kernel and uepoll, a million operations of each.
OPS = 1000000
fuzz-uepoll: programs
	$(B)/fuzz-uepoll --ops $(OPS) $(SEED:%=--seed %)
.PHONY: fuzz-uepoll
