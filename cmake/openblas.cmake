# The pthread build of OpenBLAS, found beside other builds: Debian keeps each in its own folder. The OpenMP build would
# ignore our one-thread setting, so we do not take whatever libopenblas the system prefers; where
# only that one is found, the cpu backend refuses it by name.
find_library(WEFT_OPENBLAS_LIBRARY NAMES openblas
             HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread PATH_SUFFIXES openblas-pthread)
find_path(WEFT_OPENBLAS_INCLUDE cblas.h
          HINTS /usr/include/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-pthread PATH_SUFFIXES openblas-pthread)
if(NOT WEFT_OPENBLAS_LIBRARY OR NOT WEFT_OPENBLAS_INCLUDE)
  message(FATAL_ERROR "OpenBLAS (pthread build) not found: install libopenblas-pthread-dev, or run `make deps`")
endif()
if(TARGET weft_openblas)
  return()
endif()
add_library(weft_openblas INTERFACE IMPORTED GLOBAL)
target_link_libraries(weft_openblas INTERFACE ${WEFT_OPENBLAS_LIBRARY})
target_include_directories(weft_openblas INTERFACE ${WEFT_OPENBLAS_INCLUDE})
