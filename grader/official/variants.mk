# For official.sh: all builds of a lab in one workshop, and with one number of jobs:
# one after the other, the last file of each would leave a processor idle.
#
#	make -f variants.mk lab=LAB target=TARGET variants='gcc asan' looked=FILE
#
# None of these is for the lab's own make.
MAKEOVERRIDES =

all: $(variants)
build = +$(MAKE) -C $(lab) -f Makefile $(looked:%=-f %) $(target)

gcc:
	$(build)
asan:
	$(build) VARIANT=asan SAN=address,undefined
tsan:
	$(build) VARIANT=tsan SAN=thread

.PHONY: all gcc asan tsan
