# Thin: everything real is in CMake presets. PRESET=asan make test runs the tests under sanitizers.
PRESET ?= release
ARGS ?=
CMAKE_ARGS ?=

.PHONY: help deps build demo demo-lstm demo-handwriting demo-coordinate demo-wrn test bench bench-peers docs check clean

help:
	@echo "make demo    install what is missing, build, train the hyper-CNN and its plain twin on real images"
	@echo "make demo-lstm  train a character model whose weights change at every step, on the King James Bible"
	@echo "make demo-handwriting  train a model of handwriting whose weights change at every pen point"
	@echo "make demo-coordinate  train a network whose first weight matrix is painted from coordinates"
	@echo "make demo-wrn   train residual networks on CIFAR-10 with learnt and generated kernels; ARGS='--data DIR'"
	@echo "make test    install what is missing, build, run every test"
	@echo "make bench   measure the backends against each other; build/bench.json and build/bench.html"
	@echo "make bench-peers  measure training steps against PyTorch and JAX, which are installed first (6 GB)"
	@echo "make build   build only            make deps   install packages only"
	@echo "make docs    reference pages from the headers, build/docs/html/index.html"
	@echo "make check   layers, names, rows, kernels, messages, format"
	@echo "make clean   remove build/"
	@echo "PRESET=release|debug|asan|tsan|fuzz|emulator-check (now: $(PRESET)); ARGS='--epochs 8' are passed to the demo"

deps:
	@sh cmake/deps.sh

build: deps
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET)

# Only what the demo needs: the tests are half of a build.
demo: deps
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET) --target hyper-cnn
	build/$(PRESET)/hyper/demos/hyper-cnn $(ARGS)

# Each of the others: its packages, its program, a run.
demo-lstm demo-handwriting demo-coordinate demo-wrn: demo-%:
	@sh cmake/deps.sh $(packages-$*)
	cmake --preset $(PRESET) $(CMAKE_ARGS)
	cmake --build --preset $(PRESET) --target hyper-$*
	build/$(PRESET)/hyper/demos/hyper-$* $(ARGS)

# The King James Bible, as the packaged program prints it, and pen fonts to draw its lines with.
packages-lstm = bible-kjv
packages-handwriting = hershey-fonts-data

test: build
	ctest --preset $(PRESET)

# These two variables pin OpenBLAS to an older processor; measurements take what it would choose itself.
bench: deps
	@sh cmake/deps.sh libdnnl-dev || echo "bench: goes on without oneDNN to compare with"
	cmake --preset bench
	cmake --build --preset bench
	env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE build/bench/bench/weft-bench --benchmark_out=build/bench.json $(ARGS)
	build/bench/bench/weft-bench page build/bench.json build/bench.html
	@echo build/bench.html

# The newest that the Python index has, apart from the system's Python.
bench-peers: deps build/peers-venv/installed
	cmake --preset bench
	cmake --build --preset bench --target weft-bench
	build/peers-venv/bin/python bench/peers/compare.py $(ARGS)

build/peers-venv/installed:
	@sh cmake/deps.sh python3-venv
	python3 -m venv build/peers-venv
	build/peers-venv/bin/pip install --quiet --no-cache-dir torch jax
	touch $@

docs:
	@sh cmake/deps.sh doxygen
	mkdir -p build/docs
	sh cmake/supported_dtypes.sh $(PRESET) > build/docs/supported_dtypes.md
	doxygen cmake/Doxyfile
	@echo build/docs/html/index.html

check:
	python3 tests/layers.py
	python3 tests/names.py
	python3 tests/rows.py
	python3 tests/kernels.py
	python3 tests/messages.py
	sh tests/format.sh

clean:
	rm -rf build
