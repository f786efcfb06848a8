# Builds everything. `./course` is the door for people; it ends up here.

include common/flags.mk
LABS := $(sort $(patsubst %/Makefile,%,$(wildcard lab[0-9][0-9]-*/Makefile)))

all: common grader labs

common:
	@$(MAKE) --no-print-directory -C common

grader: common
	@$(MAKE) --no-print-directory -C grader

# One lab after the other: a later lab links objects of earlier ones.
labs: grader
	@set -e; for lab in $(LABS); do \
		$(MAKE) --no-print-directory -C $$lab programs tests experiments; \
	done

# Programs and drivers only, for a sanitized variant.
programs: common
	@set -e; for lab in $(LABS); do \
		$(MAKE) --no-print-directory -C $$lab programs; \
	done

clean:
	rm -rf $(TOP)/build

.PHONY: all common grader labs programs clean
