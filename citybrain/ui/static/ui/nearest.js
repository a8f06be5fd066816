// Nearest first: the position is cut to three decimals, about a hundred metres, before it leaves the device.
const nearest = document.querySelector("[data-nearest]");
nearest.addEventListener("click", () => {
  const said = document.querySelector("[data-nearest-said]");
  const address = new URL(location.href);
  address.searchParams.delete("page");
  if (nearest.getAttribute("aria-pressed") === "true") {
    address.searchParams.delete("near");
    location.assign(address);
    return;
  }
  said.textContent = nearest.dataset.looking;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    address.searchParams.set("near", `${coords.longitude.toFixed(3)},${coords.latitude.toFixed(3)}`);
    location.assign(address);
  }, () => { said.textContent = nearest.dataset.unknown; }, { timeout: 15_000, maximumAge: 60_000 });
});
