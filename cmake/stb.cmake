# stb_image and stb_image_write of libstb-dev: WEFT_STB_INCLUDE, and the options that fence the decoder in.
find_path(WEFT_STB_INCLUDE stb/stb_image.h)
if(NOT WEFT_STB_INCLUDE)
  message(FATAL_ERROR "stb/stb_image.h not found: install libstb-dev, or run `make deps`")
endif()
# Out of bounds ends the program. Under sanitizers those look, and report.
if(NOT WEFT_SANITIZE)
  set(weft_bounds_checks -fsanitize=$<IF:$<CXX_COMPILER_ID:GNU>,bounds-strict,bounds>
      $<IF:$<CXX_COMPILER_ID:GNU>,-fsanitize-undefined-trap-on-error,-fsanitize-trap=bounds>
      $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
