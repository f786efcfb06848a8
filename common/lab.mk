# What every lab's Makefile includes after it has said:
#
#   PROGRAMS = echo-server            the programs, and for each the modules
#   echo-server = main io listener    it is made of (.c files of this folder)
#   DRIVERS = io-driver               tests/drivers/io-driver.c, and for each
#   io-driver = io                    the modules it links
#   THREADED = echo-server            those of both that have threads, for
#                                     selftest/races.sh
#   USES = lab01-blocking/listener    earlier labs' modules; linked as needed
#   LDLIBS = -lssl                    libraries beside libcommon.a
#   URING = five-models               those of experiments/ that use io_uring
#
# Targets: all (programs and drivers), tests, experiments; print-uses and
# print-programs say USES and PROGRAMS.

include $(dir $(lastword $(MAKEFILE_LIST)))flags.mk
include $(GRADER)/sources.mk

LAB := $(notdir $(CURDIR))
B := $(O)/$(LAB)
USED_LABS := $(sort $(foreach module,$(USES),$(firstword \
	$(subst /, ,$(module)))))
CPPFLAGS += -I$(TOP)/$(LAB) $(USED_LABS:%=-I$(TOP)/%)

PROGRAM_BINS := $(PROGRAMS:%=$(B)/%)
DRIVER_BINS := $(DRIVERS:%=$(B)/drivers/%)
EXPERIMENT_BINS := $(patsubst experiments/%.c,$(B)/experiments/%,\
	$(wildcard experiments/*.c))
TEST_SRCS := $(wildcard tests/*.c tests/hidden/*.c)
TEST_BIN := $(if $(TEST_SRCS),$(B)/tests/graded)

# Earlier labs' modules, in an archive: the linker takes what is needed.
USES_LIB := $(if $(USES),$(B)/libuses.a)
ifneq ($(USES),)
$(USES_LIB): $(USES:%=$(O)/%.o)
endif

all: programs
programs: $(PROGRAM_BINS) $(DRIVER_BINS)
tests: $(TEST_BIN)
experiments: $(EXPERIMENT_BINS)
print-uses:
	@echo $(USES)
print-programs:
	@echo $(PROGRAMS)
.PHONY: all programs tests experiments print-uses print-programs

define program_rule
$(B)/$(1): $($(1):%=$(B)/%.o) $(USES_LIB) $(COMMON_LIB)
	$$(link)
endef
$(foreach p,$(PROGRAMS),$(eval $(call program_rule,$(p))))

define driver_rule
$(B)/drivers/$(1): $(B)/tests/drivers/$(1).o $($(1):%=$(B)/%.o) $(USES_LIB) \
		$(COMMON_LIB)
	@mkdir -p $$(@D)
	$$(link)
endef
$(foreach d,$(DRIVERS),$(eval $(call driver_rule,$(d))))

$(EXPERIMENT_BINS): $(B)/experiments/%: $(B)/experiments/%.o $(COMMON_LIB)
	$(link)

# Nothing else needs liburing, so it is no part of libcommon.a.
URING_BINS := $(URING:%=$(B)/experiments/%)
$(URING_BINS): $(O)/common/experiment_uring.o
$(URING_BINS): LDLIBS += -luring

# Can a program of this variant start at all? A sanitizer may not be able to.
$(O)/probe: $(O)/common/probe.o
	$(link)
probe: $(O)/probe
	$<
.PHONY: probe

# The judge: Criterion tests, none of the deliverables.
$(TEST_BIN): CPPFLAGS += -I$(GRADER)/judge
$(TEST_BIN): LDLIBS += $(JUDGE_LDLIBS)
# The runner gets our kill(2), see grader/judge/kill.c.
$(TEST_BIN): LDFLAGS += -Wl,--export-dynamic-symbol=kill
$(TEST_BIN): $(TEST_SRCS:%.c=$(B)/%.o) $(JUDGE_LIB) $(COMMON_LIB)
	@mkdir -p $(@D)
	$(link)

# Of all that it is made of, so that a header that changed is never missed. A
# print-* target builds nothing, and does without them.
ifeq ($(filter print-%,$(MAKECMDGOALS)),)
-include $(shell find $(B) $(USED_LABS:%=$(O)/%) $(O)/common $(O)/grader \
	-name '*.d' 2>/dev/null)
endif
