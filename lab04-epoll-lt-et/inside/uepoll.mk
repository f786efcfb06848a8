# What of lab 04 is uepoll's: included by the Makefile before lab.mk.
#
#	uepoll.c	epoll by hand: the student's
#	sim/		what it stands on: files, wait queues, descriptors
#	play/		scripts, and who plays them: uepoll and the kernel
#	scope/		epoll-scope and the scripts it comes with
#	fuzz/		fuzz-uepoll
#	explorer/	the page: explorer.mk there

UEPOLL_SIM = uepoll $(addprefix inside/sim/, uwait ufile ustream upipe ucounter usys \
	uepoll_base)
UEPOLL_PLAY = $(UEPOLL_SIM) $(addprefix inside/play/uepoll_, script text player world)
UEPOLL_SCOPE = $(addprefix inside/scope/scope_, play state files code jout json)
UEPOLL_KERNEL = $(addprefix inside/play/uepoll_, script text player kernel threads \
	inject fdinfo)
UEPOLL_BOTH = $(sort $(UEPOLL_PLAY) $(UEPOLL_KERNEL))

PROGRAMS += epoll-scope fuzz-uepoll uepoll-cost
epoll-scope = $(addprefix inside/scope/, scope scope_pages scope_draw scope_tree) \
	$(UEPOLL_SCOPE) $(UEPOLL_BOTH)
fuzz-uepoll = $(addprefix inside/fuzz/fuzz_, uepoll case generate) $(UEPOLL_BOTH)
uepoll-cost = inside/sim/uepoll_cost $(UEPOLL_SIM)
CPPFLAGS += $(addprefix -I$(TOP)/$(LAB)/inside/, sim play scope fuzz)

DRIVERS += uepoll-driver kernel-driver fuzz-driver
uepoll-driver = $(UEPOLL_PLAY)
kernel-driver = $(UEPOLL_KERNEL) inside/fuzz/fuzz_generate tests/drivers/lines
fuzz-driver = $(addprefix inside/fuzz/fuzz_, case generate) \
	$(addprefix inside/scope/scope_, play state files draw tree) \
	$(UEPOLL_BOTH) tests/drivers/lines

# make fuzz-uepoll: the kernel and uepoll, a million operations of each.
OPS = 1000000
fuzz-uepoll: programs
	$(B)/fuzz-uepoll --ops $(OPS) $(SEED:%=--seed %)
.PHONY: fuzz-uepoll
