# What libcommon.a is made of, a layer a line; includes go only downwards.
# `./course test` checks it (common/checks/layers.sh). HEADERS are not in the
# archive: they have no .c file, or only some programs link it.
COMMON_LAYER0 = log clock number terminal uring_refusal
COMMON_LAYER1 = experiment experiment_net experiment_epoll experiment_tls \
	experiment_netns experiment_usage buf addr heap hist conf
COMMON_LAYER2 = sock signals tls tls_memory tls_wire
COMMON_LAYER3 = loop loop_fd loop_timer loop_task
COMMON_HEADERS0 = util list
COMMON_HEADERS1 = experiment_uring
COMMON_HEADERS3 = poller loop_impl
COMMON_MODULES = $(COMMON_LAYER0) $(COMMON_LAYER1) $(COMMON_LAYER2) \
	$(COMMON_LAYER3)
